"""Read one record of a file of paper signatures as a person, or tell why it cannot be read."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from django.core.exceptions import ValidationError
from email_validator import EmailNotValidError, validate_email

from campaign.protection.inputs.csv_records import BrokenRecord, CsvRecord, Unusable, cells_of
from campaign.protection.inputs.encodings import UTF8
from campaign.protection.inputs.headings import open_records
from campaign.protection.inputs.typed_text import clean_name, is_storable, plain_line, strip_invisible
from campaign.secrecy.addresses import keyed_hash
from campaign.translation import for_staff
from campaign.web import countries
from campaign.web.forms.fields import LONGEST_ADDRESS
from petitions.models.paper import Reason
from petitions.paper.imports.headers import COLUMNS, ONCE, columns_of
from petitions.signing.sign import fingerprint_for

MOST_UNKNOWN, LONGEST_COLUMN = 10, 40  # what a message repeats of a first line, which may be a million bytes
NAME_FAULTS = {"link": Reason.NAME_LINK, "max_length": Reason.NAME_LONG}
# Matches only what the full check accepts too, and nearly all addresses: a cheap first check.
PLAIN_EMAIL = re.compile(
    r"[a-z0-9_+-]{1,40}(\.[a-z0-9_+-]{1,20})?@([a-z0-9][a-z0-9-]{0,61}\.)+[a-z]{2,10}", re.IGNORECASE
)


class Fault(Exception):
    """This row cannot be read as a person."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class Person(NamedTuple):
    """One row as written on paper: name, country, and a postal address, an email address, or both."""

    name: str
    country: str
    address: str = ""
    email: str = ""

    @property
    def sealed_values(self) -> dict[str, str]:
        values = {"name": self.name, "email": self.email, "address": self.address}
        return {key: value for key, value in values.items() if value}

    def fingerprint(self, petition_id: int) -> bytes:
        """Hash the email address as online if there is one, else name, address and country."""
        if self.email:
            return fingerprint_for(petition_id, self.email)
        return keyed_hash(
            "\0".join([words(self.name), words(self.address), self.country]), f"petition {petition_id} paper"
        )


def words(text: str) -> str:
    """Return the words without regard to order, case and punctuation.

    >>> words("Lopez, Ana") == words("ana LOPEZ")
    True
    """
    return " ".join(sorted(re.findall(r"\w+", text.casefold())))


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is to be read; what is left out is taken from the look of its head."""

    encoding: str = UTF8  # empty: it was a spreadsheet
    delimiter: str = ""
    columns: tuple[str, ...] | None = None  # which of COLUMNS each of its columns is; empty: not read

    @classmethod
    def of(cls, kept: dict[str, Any] | None) -> Self:
        """Return the reading that a batch keeps as JSON."""
        return cls(**{**kept, "columns": tuple(kept["columns"])}) if kept else cls()


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a row has what."""

    places: tuple[tuple[int, ...], ...]  # indices in a row of each of COLUMNS
    width: int
    delimiter: str
    country: str  # for rows that name none

    def in_order(self, cells: list[str]) -> list[str]:
        """Return the cells in the order of COLUMNS, empty where a column is absent."""
        return [
            cells[places[0]] if len(places) == 1 else " ".join(filter(None, (cells[place].strip() for place in places)))
            for places in self.places
        ]


@dataclass(frozen=True)
class Table:
    """A file whose head has been read."""

    headers: list[str]
    records: Iterator[CsvRecord]  # those after the head
    reading: Reading  # with nothing left out

    @property
    def unknown(self) -> list[str]:
        """Return the names of columns that are not read."""
        named = zip(self.headers, self.reading.columns or (), strict=True)
        return sorted({header[:LONGEST_COLUMN] for header, column in named if header and not column})[:MOST_UNKNOWN]


def open_table(pieces: Iterable[bytes], reading: Reading) -> Table:
    """Read the head of a file. Raises Unusable."""
    headers, delimiter, records = open_records(pieces, reading.encoding or UTF8, reading.delimiter)
    columns = columns_of(headers) if reading.columns is None else reading.columns
    if len(columns) != len(headers):
        raise Unusable("the columns of the file are not those that were chosen")
    return Table(headers, records, Reading(reading.encoding, delimiter, columns))


def layout_of(reading: Reading, country: str = "") -> Layout:
    """Return where rows have what; `country` is that of rows that name none. Raises Unusable if one cannot be read."""
    columns = reading.columns or ()
    if "name" not in columns:
        raise Unusable(for_staff("No column is the name."))
    if any(columns.count(column) > 1 for column in ONCE):
        raise Unusable(for_staff("Only one column can be the e-mail address, and only one the country."))
    if "country" not in columns and not country:
        raise Unusable(for_staff("No column is the country, and no country was given for all rows."))
    places = tuple(tuple(i for i, column in enumerate(columns) if column == one) for one in COLUMNS)
    return Layout(places, len(columns), reading.delimiter, country)


def known_layout(table: Table, country: str = "") -> Layout:
    """Return the layout of a table that nobody looks at before it is loaded. Raises Unusable for an unknown column."""
    if table.unknown:
        raise Unusable(f"unknown columns: {', '.join(table.unknown)}; known are {', '.join(COLUMNS)}")
    return layout_of(table.reading, country)


NumberedRow = tuple[int, Person | Reason]  # with its line number


def numbered_rows(records: Iterable[CsvRecord], layout: Layout) -> Iterator[NumberedRow]:
    """Yield all rows but those in which nothing stands."""
    for number, cells in cells_of(records, layout.delimiter):
        if isinstance(cells, BrokenRecord):
            yield number, Reason(cells)
        elif any(cells) and any(cell.strip() for cell in cells):
            yield number, person_or_reason(cells, layout)


def person_or_reason(cells: list[str], layout: Layout) -> Person | Reason:
    missing = layout.width - len(cells)
    if missing < 0 and any(cell.strip() for cell in cells[layout.width :]):
        return Reason.CELLS
    name, email, *postal, country = layout.in_order([*cells, *[""] * missing] if missing > 0 else cells)
    try:
        return read(name, email, ", ".join(filter(None, map(str.strip, postal))), country.strip() or layout.country)
    except Fault as fault:
        return fault.reason


def read(name: str, email: str, address: str, country: str) -> Person:
    """Check the cells and return the person. Raises Fault."""
    person = Person(read_name(name), read_country(country), read_address(address), read_email(email))
    if not person.address and not person.email:
        raise Fault(Reason.NO_ADDRESS)
    return person


def read_name(text: str) -> str:
    try:
        return clean_name(text)
    except ValidationError as error:
        raise Fault(NAME_FAULTS.get(error.code or "", Reason.NO_NAME)) from None


def read_country(text: str) -> str:
    code = countries.code_of(plain_line(text))
    if code is None:
        raise Fault(Reason.COUNTRY)
    return code


def read_address(text: str) -> str:
    address = " ".join(strip_invisible(unicodedata.normalize("NFC", text)).split())
    if len(address) > LONGEST_ADDRESS:
        raise Fault(Reason.ADDRESS_LONG)
    return address


def read_email(text: str) -> str:
    if not is_storable(text):
        raise Fault(Reason.EMAIL)
    address = plain_line(text)
    if not address or PLAIN_EMAIL.fullmatch(address):
        return address
    try:
        return validate_email(address, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        raise Fault(Reason.EMAIL) from None
