"""One record of a file of paper signatures, read as a person; or the reason why it cannot be."""

import csv
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.core.exceptions import ValidationError
from email_validator import EmailNotValidError, validate_email

from campaign import countries
from campaign.protection.hostile import is_storable
from campaign.protection.names import clean_name, strip_invisible
from campaign.secrecy.addresses import keyed_hash
from petitions.models.paper import Reason
from petitions.paper.records import Record, Unusable
from petitions.signing import fingerprint_for

COLUMNS = ("name", "email", "address", "postcode", "city", "country")
DELIMITERS = ",;\t"
LONGEST_ADDRESS = 500
NAME_FAULTS = {"link": Reason.NAME_LINK, "max_length": Reason.NAME_LONG}
# What the full check would accept as well, and what nearly all addresses look like.
PLAIN_EMAIL = re.compile(
    r"[a-z0-9_+-]{1,40}(\.[a-z0-9_+-]{1,20})?@([a-z0-9][a-z0-9-]{0,61}\.)+[a-z]{2,10}", re.IGNORECASE
)


class Fault(Exception):
    """This row cannot be read as a person."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class Person(NamedTuple):
    """As written on paper: a country, and an address, an e-mail address, or both."""

    name: str
    country: str
    address: str = ""
    email: str = ""

    @property
    def sealed_values(self) -> dict[str, str]:
        values = {"name": self.name, "email": self.email, "address": self.address}
        return {key: value for key, value in values.items() if value}

    def fingerprint(self, petition_id: int) -> bytes:
        """Of the e-mail address, the same as online, where there is one; else of name, address and country."""
        if self.email:
            return fingerprint_for(petition_id, self.email)
        return keyed_hash(
            "\0".join([words(self.name), words(self.address), self.country]), f"petition {petition_id} paper"
        )


def words(text: str) -> str:
    """The words without regard to order, case and punctuation.

    >>> words("Lopez, Ana") == words("ana LOPEZ")
    True
    """
    return " ".join(sorted(re.findall(r"\w+", text.casefold())))


@dataclass(frozen=True, slots=True)
class Layout:
    """How the first line says that the rows are written."""

    places: tuple[int, ...]  # of each of COLUMNS in a row; -1 for those that are not there
    width: int
    delimiter: str
    country: str  # for rows that name none

    def in_order(self, cells: list[str]) -> list[str]:
        """The cells in the order of COLUMNS; what is not there is empty."""
        filled = [*cells, *[""] * (self.width + 1 - len(cells))]
        return [filled[place] for place in self.places]


def layout_of(first_line: bytes, country: str = "") -> Layout:
    """Raises Unusable."""
    text = decode(first_line.removeprefix(b"\xef\xbb\xbf"))
    delimiter = max(DELIMITERS, key=text.count)
    columns = tuple(cell.strip().lower() for cell in cells_of(text, delimiter))
    if unknown := sorted(set(columns) - set(COLUMNS) - {""}):
        raise Unusable(f"unknown columns: {', '.join(unknown)}; known are {', '.join(COLUMNS)}")
    if "name" not in columns or len(set(columns)) != len(columns):
        raise Unusable("the first line must name each column once, and one of them “name”")
    if "country" not in columns and not country:
        raise Unusable("there is no column “country”, and no country was given for all rows")
    places = tuple(columns.index(column) if column in columns else -1 for column in COLUMNS)
    return Layout(places, len(columns), delimiter, country)


def decode(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        raise Unusable("the first line is not text in UTF-8; save the table as “CSV UTF-8”") from None


def cells_of(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter))
    except csv.Error:
        raise Unusable("the first line names no columns: it is too long, or has no end") from None


Row = tuple[int, Person | Reason]  # with the number of its line


def rows_of(records: Iterable[Record], layout: Layout) -> Iterator[Row]:
    """A few records at a time are read at once; those among which one is broken are read one by one."""
    for some in itertools.batched(records, 50):
        try:
            lines = [line.decode() for _, line in some]
            cells = list(csv.reader(lines, delimiter=layout.delimiter, strict=True))
        except (UnicodeDecodeError, csv.Error):
            cells = []
        if len(cells) == len(some):
            yield from ((number, person_or_reason(row, layout)) for (number, _), row in zip(some, cells, strict=True))
        else:
            yield from itertools.chain.from_iterable(rows_of_one(record, layout) for record in some)


def rows_of_one(record: Record, layout: Layout) -> Iterator[Row]:
    """The row of a record, or its rows, if what looked like quotation marks around a line's end were none."""
    number, line = record
    try:
        reader = csv.reader(line.decode().splitlines(keepends=True), delimiter=layout.delimiter, strict=True)
        for cells in reader:
            yield number, person_or_reason(cells, layout)
            number = record[0] + reader.line_num
    except UnicodeDecodeError:
        yield number, Reason.NOT_UTF8
    except csv.Error:
        yield number, Reason.QUOTES


def person_or_reason(cells: list[str], layout: Layout) -> Person | Reason:
    if len(cells) > layout.width:
        return Reason.CELLS
    name, email, *postal, country = layout.in_order(cells)
    try:
        return read(name, email, ", ".join(filter(None, map(str.strip, postal))), country.strip() or layout.country)
    except Fault as fault:
        return fault.reason


def read(name: str, email: str, address: str, country: str) -> Person:
    """Raises Fault."""
    person = Person(read_name(name), read_country(country), read_address(address), read_email(email.strip()))
    if not person.address and not person.email:
        raise Fault(Reason.NO_ADDRESS)
    return person


def read_name(text: str) -> str:
    try:
        return clean_name(text)
    except ValidationError as error:
        raise Fault(NAME_FAULTS.get(error.code or "", Reason.NO_NAME)) from None


def read_country(text: str) -> str:
    code = text.upper()
    if code not in countries.names("en"):
        raise Fault(Reason.COUNTRY)
    return code


def read_address(text: str) -> str:
    address = " ".join(strip_invisible(text).split())
    if len(address) > LONGEST_ADDRESS:
        raise Fault(Reason.ADDRESS_LONG)
    return address


def read_email(text: str) -> str:
    if not text or PLAIN_EMAIL.fullmatch(text):
        return text
    if not is_storable(text):
        raise Fault(Reason.EMAIL)
    try:
        return validate_email(text, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        raise Fault(Reason.EMAIL) from None
