"""The members of the House of Representatives, from the project's own file."""

from collections.abc import Mapping
from datetime import date

from letters.constituency.congress import zipcodes
from letters.constituency.congress.chambers import US_HOUSE
from letters.constituency.imports.records import OfficeRecord


def house_records() -> list[OfficeRecord]:
    return [from_row(row) for row in zipcodes.read_rows("representatives.csv")]


def from_row(row: Mapping[str, str]) -> OfficeRecord:
    """Return the record. A member may come to sit in the Senate, and so has an ID of their own here."""
    return {
        "area": row["area"],
        "seat": 1,
        "name": row["name"],
        "first_name": row["first_name"],
        "last_name": row["last_name"],
        "party": row["party"],
        "directory_id": f"{US_HOUSE}-{row['bioguide']}",
        "term_starts_on": date.fromisoformat(row["term_starts_on"]),
        "term_ends_on": date.fromisoformat(row["term_ends_on"]),
        "website": row["website"],
        "contact_form": row["contact_form"] or row["website"],  # where the member's form is found
        "postal_address": row["address"],
        "phone": row["phone"],
    }
