"""Bring the offices in line with a list of senators: compare first, then apply the difference.

    difference = compare(records)
    apply(difference, source="legislators-current.yaml")

Fields that staff corrected by hand are left as they are.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from campaign.database import clock
from letters.constituency.changeovers import note_changeovers
from letters.constituency.senators import SenatorRecord
from letters.models import Office, OfficeImport
from letters.models.us_states import STATES

FEWEST = 90  # a shorter list is broken, not news


class Nonsense(Exception):
    """The list cannot be right; nothing was changed."""


@dataclass
class Difference:
    new: list[SenatorRecord] = field(default_factory=list)
    changed: list[tuple[Office, dict[str, Any]]] = field(default_factory=list)
    gone: list[Office] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.gone)

    def lines(self) -> list[str]:
        """Return one readable line for each change and warning."""
        return [
            *(f"+ {record['name']} ({record['state']}, class {record['senate_class']})" for record in self.new),
            *(f"- {office.name} ({office.state}, class {office.senate_class})" for office in self.gone),
            *(line for office, fields in self.changed for line in changes_of_office(office, fields)),
            *(f"! {warning}" for warning in self.warnings),
        ]


def changes_of_office(office: Office, fields: dict[str, Any]) -> list[str]:
    return [f"~ {office.name}: {name} {getattr(office, name)!s} -> {value!s}" for name, value in fields.items()]


def compare_with_offices(records: list[SenatorRecord]) -> Difference:
    """Compare the list with the offices. Raises Nonsense."""
    refuse_nonsense(records)
    difference = Difference(warnings=list(warnings(records)))
    known = {office.bioguide: office for office in Office.objects.all()}
    by_id, entered = dict(known), entered_by_hand(known.values(), records)
    for record in records:
        office = known.pop(record["bioguide"], None) or known.pop(entered.get(record["bioguide"], ""), None)
        if office is None:
            difference.new.append(record)
        elif fields := differing(office, record):
            difference.changed.append((office, fields))
    gone = [office for office in known.values() if office.is_current]
    kept = [office for office in gone if is_staff_ahead(office, by_id, records)]
    difference.gone = [office for office in gone if office not in kept]
    difference.warnings += [f"{office.name} stays, as staff entered: the list has a predecessor" for office in kept]
    return difference


def entered_by_hand(offices: Iterable[Office], records: list[SenatorRecord]) -> dict[str, str]:
    """Return the ids under which staff entered senators, by those that the list has for the same people."""
    known, listed = {office.bioguide for office in offices}, {record["bioguide"] for record in records}
    holders = {seat_of(office): office for office in offices if office.is_current and office.bioguide not in listed}
    new = [(record, holders.get(record_seat(record))) for record in records if record["bioguide"] not in known]
    return {record["bioguide"]: office.bioguide for record, office in new if office and is_same(office, record)}


def is_same(office: Office, record: SenatorRecord) -> bool:
    """Return whether both are one person, who holds the same seat in both."""
    is_first = fold(record["first_name"]) in {fold(office.first_name), *fold(office.name).split()}
    return fold(office.last_name) == fold(record["last_name"]) and (office.is_provisional or is_first)


def fold(name: str) -> str:
    """Return the name without accents and capitals.

    >>> fold("Luján")
    'lujan'
    """
    parts = unicodedata.normalize("NFKD", name.strip())
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()


def is_staff_ahead(office: Office, known: Mapping[str, Office], records: list[SenatorRecord]) -> bool:
    """Return whether the list still has in this seat somebody who has left it, as staff put down."""
    listed = [known.get(record["bioguide"]) for record in records if record_seat(record) == seat_of(office)]
    return any(one and not one.is_current and "is_current" in one.corrected_fields for one in listed)


def seat_of(office: Office) -> tuple[str, int]:
    return office.state, office.senate_class


def record_seat(record: SenatorRecord) -> tuple[str, int]:
    return record["state"], record["senate_class"]


def differing(office: Office, record: SenatorRecord) -> dict[str, Any]:
    record = {**record, "is_current": True}
    return {
        name: value
        for name, value in record.items()
        if getattr(office, name) != value and name not in office.corrected_fields
    }


def refuse_nonsense(records: list[SenatorRecord]) -> None:
    if len(records) < FEWEST:
        raise Nonsense(f"only {len(records)} senators, at least {FEWEST} are expected")
    if strange := {record["state"] for record in records} - set(STATES):
        raise Nonsense(f"not a state: {', '.join(sorted(strange))}")
    seats = Counter((record["state"], record["senate_class"]) for record in records)
    if taken := [f"{state} class {number}" for (state, number), times in seats.items() if times > 1]:
        raise Nonsense(f"two senators in one seat: {', '.join(sorted(taken))}")
    if any(times > 2 for times in Counter(record["state"] for record in records).values()):
        raise Nonsense("more than two senators in one state")


def warnings(records: list[SenatorRecord]) -> list[str]:
    number = Counter(record["state"] for record in records)
    today = clock.now().date()
    vacant = [f"{STATES[state]} has {number[state]} instead of 2" for state in STATES if number[state] != 2]
    over = [f"the term of {record['name']} is over" for record in records if record["term_ends_on"] < today]
    return vacant + over


@transaction.atomic
def apply_difference(difference: Difference, *, source: str) -> OfficeImport:
    """Apply the difference and record it; those who left go first, so that their seats are free."""
    Office.objects.filter(pk__in=[office.pk for office in difference.gone]).update(is_current=False)
    for office, fields in difference.changed:
        Office.objects.filter(pk=office.pk).update(**fields)
    Office.objects.bulk_create(Office(**record) for record in difference.new)
    note_changeovers()
    return OfficeImport.objects.create(source=source, changes=difference.lines())
