"""Read a table of members as records of offices.

Only a name is needed, in one column or in two. The ID of somebody for whom the source has none follows from name and
area, so that the next table finds them again.
"""

import hashlib
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from campaign.protection.inputs.typed_text import plain_line, without_accents
from campaign.translation import for_staff
from campaign.web import countries
from letters.constituency.imports.headers import MEMBER_COLUMNS
from letters.constituency.imports.records import LeftOut, OfficeRecord, Seat, as_date, checked
from letters.constituency.imports.tables import FAULT, LINE, Entry
from letters.models import FinderName, RecipientList
from letters.models.recipients.recipient_lists import US_SENATE

MOST_MEMBERS = 5000
# Of a row these can be left out; the rest of it is used.
CAN_BE_LEFT_OUT = {
    *("email", "email_given_by", "email_given_on", "website", "contact_form", "message_limit", "postal_address"),
    *("phone", "party", "language", "form_of_address", "channels"),
}
AS_THEY_STAND = {*MEMBER_COLUMNS} - {"id", "seat", "message_limit", "channels"}
NEEDS_AREA = {FinderName.COUNTRY, FinderName.POSTAL_CODE, FinderName.US_STATE, FinderName.US_DISTRICT}


def records_of(
    recipients: RecipientList, entries: Iterable[Entry], *, source: str, as_of: date
) -> tuple[list[OfficeRecord], list[LeftOut]]:
    """Return those who can be used, and what cannot be; `source` and `as_of` tell where mail addresses come from."""
    records, left_out = [], []
    for entry in entries:
        given, problems = given_in(entry, recipients)
        record, more = checked(given, can_be_left_out=CAN_BE_LEFT_OUT) if given else ({}, [])
        if record:
            records.append(with_giver(record, source=source, as_of=as_of))
        if problems := [*problems, *more]:
            left_out.append(left_out_of(entry, recipients, problems, is_whole=not record))
    return records, left_out


def left_out_of(entry: Entry, recipients: RecipientList, problems: list[str], *, is_whole: bool) -> LeftOut:
    where = for_staff("line %(number)s") % {"number": entry[LINE]}
    name = f"{name_in(entry)} ({where})" if name_in(entry) else where
    return LeftOut(name, seat_in(entry, recipients), id_of(entry, recipients), problems, is_whole=is_whole)


def seat_in(entry: Entry, recipients: RecipientList) -> Seat | None:
    """Return the seat of a row that cannot be used; None if it does not even say whose it is."""
    area, number = area_of(entry, recipients), number_of(entry.get("seat", ""))
    has_area = bool(area) or recipients.finder not in NEEDS_AREA
    is_known = entry.get("id") or (area and number is not None) or (name_in(entry) and has_area)
    return Seat(area, number) if is_known and FAULT not in entry else None


def given_in(entry: Entry, recipients: RecipientList) -> tuple[OfficeRecord, list[str]]:
    """Return what the row says, nothing if it cannot be used; and what of it cannot be."""
    if FAULT in entry:
        return {}, [for_staff("This row cannot be read: a quotation mark is not closed, or a character is broken.")]
    if not name_in(entry):
        return {}, [for_staff("The name is missing.")]
    if recipients.finder in NEEDS_AREA and not area_of(entry, recipients):
        return {}, [for_staff("The area is missing, by which writers find theirs.")]
    record: OfficeRecord = {name: entry[name] for name in AS_THEY_STAND & entry.keys()}
    record |= {**names_in(entry), "area": area_of(entry, recipients), "directory_id": id_of(entry, recipients)}
    if recipients.finder == FinderName.COUNTRY:
        code = record["area"].partition("-")[0]
        if not countries.is_known(code):
            return {}, [for_staff("“%(text)s” is not a country.") % {"text": record["area"]}]
        record.setdefault("area_name", countries.name_in(code, recipients.language))
    if "channels" in entry:
        record["channels"] = re.split(r"[\s,;]+", entry["channels"].strip(" ,;"))
    return with_numbers_and_dates(record, entry)


def with_numbers_and_dates(record: OfficeRecord, entry: Entry) -> tuple[OfficeRecord, list[str]]:
    """Return the record with these as such; nothing if a seat or term is not one."""
    problems = []
    for name in {"seat", "message_limit", "term_starts_on", "term_ends_on", "email_given_on"} & entry.keys():
        try:
            record[name] = value_of(name, entry[name])
        except ValueError as error:
            record.pop(name, None)
            problems.append(str(error))
            if name not in CAN_BE_LEFT_OUT:
                return {}, problems
    starts_on, ends_on = record.get("term_starts_on"), record.get("term_ends_on")
    if starts_on and ends_on and starts_on > ends_on:
        return {}, [for_staff("The term ends before it begins.")]
    return record, problems


def value_of(name: str, text: str) -> Any:
    """Return the date or number. Raises ValueError with words for staff."""
    if name.endswith("_on"):
        return as_date(text)
    number = number_of(text)
    if number is None:
        raise ValueError(for_staff("“%(text)s” is not a number.") % {"text": text})
    return number


def number_of(text: str) -> int | None:
    plain = plain_line(text)
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < 6 else None


def with_giver(record: OfficeRecord, *, source: str, as_of: date) -> OfficeRecord:
    """Return the record with where its mail address comes from, which an address never lacks."""
    if record.get("email"):
        return {"email_given_by": source[:200], "email_given_on": as_of, **record}
    return {name: value for name, value in record.items() if name not in {"email_given_by", "email_given_on"}}


def name_in(entry: Entry) -> str:
    return entry.get("name") or " ".join(filter(None, (entry.get("first_name"), entry.get("last_name"))))


def names_in(entry: Entry) -> dict[str, str]:
    """Return the whole name, and the last word of it as the last name where that is not given.

    >>> names_in({"name": "Ana María Ejemplo"})
    {'name': 'Ana María Ejemplo', 'first_name': 'Ana María', 'last_name': 'Ejemplo'}
    """
    name = name_in(entry)
    first, _space, last = name.rpartition(" ")
    last = entry.get("last_name") or last
    return {"name": name, "first_name": entry.get("first_name") or first or last, "last_name": last}


def area_of(entry: Entry, recipients: RecipientList) -> str:
    """Return the code of the area; of a country, also if it stands there by name.

    Whoever sits for a part of a country does not sit for the whole.
    """
    area = entry.get("area", "")
    if recipients.finder == FinderName.COUNTRY and "-" not in area:
        return countries.code_of(plain_line(area), by_part=False) or area if area else ""
    return area


def id_of(entry: Entry, recipients: RecipientList) -> str:
    """Return the ID in the directory; empty if not even a name is there."""
    if recipients.slug == US_SENATE:
        return entry.get("id", "")
    name = without_accents(name_in(entry))
    told = entry.get("id") or (name and hashlib.sha256(f"{name}\0{entry.get('area', '')}".encode()).hexdigest()[:10])
    return f"{recipients.slug.replace('_', '-')}-{told}" if told else ""
