"""Read one record of a file of paper signatures as a person, or tell why it cannot be read."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.core.exceptions import ValidationError
from email_validator import EmailNotValidError, validate_email

from campaign.protection.inputs.csv_records import BrokenRecord, CsvRecord, Unusable, cells_of, header_of
from campaign.protection.inputs.typed_text import clean_name, is_storable, plain_line, strip_invisible
from campaign.secrecy.addresses import keyed_hash
from campaign.web import countries
from petitions.models.paper import Reason
from petitions.signing.sign import fingerprint_for

COLUMNS = ("name", "email", "address", "postcode", "city", "country")
LONGEST_ADDRESS = 500
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
class Layout:
    """The layout of the rows, as declared by the first line."""

    places: tuple[int, ...]  # index in a row of each of COLUMNS; -1 if absent
    width: int
    delimiter: str
    country: str  # for rows that name none

    def in_order(self, cells: list[str]) -> list[str]:
        """Return the cells in the order of COLUMNS, empty where a column is absent."""
        filled = [*cells, *[""] * (self.width + 1 - len(cells))]
        return [filled[place] for place in self.places]


def layout_of(first_line: bytes, country: str = "") -> Layout:
    """Read the layout from the first line. Raises Unusable."""
    delimiter, columns = header_of(first_line)
    if unknown := sorted(set(columns) - set(COLUMNS) - {""}):
        told = ", ".join(column[:LONGEST_COLUMN] for column in unknown[:MOST_UNKNOWN])
        raise Unusable(f"unknown columns: {told}; known are {', '.join(COLUMNS)}")
    named = [column for column in columns if column]
    if "name" not in named or len(set(named)) != len(named):
        raise Unusable("the first line must name each column once, and one of them “name”")
    if "country" not in columns and not country:
        raise Unusable("there is no column “country”, and no country was given for all rows")
    places = tuple(columns.index(column) if column in columns else -1 for column in COLUMNS)
    return Layout(places, len(columns), delimiter, country)


NumberedRow = tuple[int, Person | Reason]  # with its line number


def numbered_rows(records: Iterable[CsvRecord], layout: Layout) -> Iterator[NumberedRow]:
    for number, cells in cells_of(records, layout.delimiter):
        yield number, Reason(cells) if isinstance(cells, BrokenRecord) else person_or_reason(cells, layout)


def person_or_reason(cells: list[str], layout: Layout) -> Person | Reason:
    if len(cells) > layout.width:
        return Reason.CELLS
    name, email, *postal, country = layout.in_order(cells)
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
    address = " ".join(strip_invisible(text).split())
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
