"""Bring the offices in line with a list of senators: compare first, then apply the difference.

    difference = compare_with_offices(records, left_out)
    apply_difference(difference, source="legislators-current.yaml")

An entry that cannot be used is left out, and its seat stays as it is; all others are applied, or nothing is. Fields
that staff corrected by hand are left as they are, until staff release them.
"""

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models.functions import Now
from django.utils import translation

from campaign.database import clock
from campaign.translation import for_staff, for_staff_lazy
from letters.constituency.changeovers import note_changeovers
from letters.constituency.senators import LeftOut, Seat, SenatorRecord, label_of
from letters.models import Office, OfficeImport
from letters.models.us_states import STATES

FEWEST = 90  # a shorter list is broken, not news


class Nonsense(Exception):
    """The list cannot be right; nothing was changed."""


class Correction(NamedTuple):
    """A field that staff corrected, and of which the list says something else."""

    office: Office
    field: str
    listed: Any

    @property
    def key(self) -> str:
        return f"{self.office.bioguide} {self.field}"

    @property
    def label(self) -> str:
        return label_of(self.field)

    @property
    def ours(self) -> Any:
        return getattr(self.office, self.field)


@dataclass
class Difference:
    new: list[SenatorRecord] = field(default_factory=list)
    changed: list[tuple[Office, dict[str, Any]]] = field(default_factory=list)
    gone: list[Office] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    older: list[str] = field(default_factory=list)  # in what the list is older than what is stored

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.gone)

    def lines(self) -> list[str]:
        """Return one readable line for each change and warning, in English: they are kept."""
        with translation.override("en"):
            return [
                *(f"+ {record['name']} ({record['state']}, class {record['senate_class']})" for record in self.new),
                *(f"- {office.name} ({office.state}, class {office.senate_class})" for office in self.gone),
                *(line for office, fields in self.changed for line in changes_of_office(office, fields)),
                *(f"= {one.office.name}: {one.field} stays as staff corrected it" for one in self.corrections),
                *(f"! left out: {one.name} ({one.seat_code})" for one in self.left_out),
                *(f"! {warning}" for warning in [*self.older, *self.warnings]),
            ]

    def release(self, keys: Collection[str]) -> None:
        """Take the list's word for these corrections."""
        for one in [one for one in self.corrections if one.key in keys]:
            self.corrections.remove(one)
            one.office.corrected_fields = [name for name in one.office.corrected_fields if name != one.field]
            changes = next((fields for office, fields in self.changed if office == one.office), None)
            if changes is None:
                self.changed.append((one.office, changes := {}))
            changes |= {one.field: one.listed, "corrected_fields": one.office.corrected_fields}


def changes_of_office(office: Office, fields: dict[str, Any]) -> list[str]:
    named = {name: value for name, value in fields.items() if name != "corrected_fields"}
    return [f"~ {office.name}: {name} {getattr(office, name)!s} -> {value!s}" for name, value in named.items()]


def compare_with_offices(records: list[SenatorRecord], left_out: Iterable[LeftOut] = ()) -> Difference:
    """Compare the list with the offices. Raises Nonsense."""
    records, twice = without_seats_of_two(records)
    if len(records) < FEWEST:
        raise Nonsense(
            for_staff("It has only %(number)s senators; at least %(fewest)s are expected.")
            % {"number": len(records), "fewest": FEWEST}
        )
    difference = Difference(left_out=[*left_out, *twice], warnings=list(warnings(records)))
    known = {office.bioguide: office for office in Office.objects.all()}
    by_id, entered = dict(known), entered_by_hand(known.values(), records)
    for record in records:
        office = known.pop(record["bioguide"], None) or known.pop(entered.get(record["bioguide"], ""), None)
        if office is None:
            difference.new.append(record)
        else:
            compare_one(difference, office, record)
    missing = [office for office in known.values() if office.is_current]
    kept = [office for office in missing if is_staff_ahead(office, by_id, records)]
    unread = [office for office in missing if office not in kept and is_unread(office, difference.left_out, records)]
    difference.gone = [office for office in missing if office not in kept and office not in unread]
    difference.warnings += [
        for_staff_lazy("%(name)s stays, as staff entered: the list has a predecessor", name=office.name)
        for office in kept
    ]
    difference.warnings += [
        for_staff_lazy("%(name)s stays: the list's entry for this seat cannot be used", name=office.name)
        for office in unread
    ]
    difference.older = list(older_seats(by_id.values(), records))
    return difference


def compare_one(difference: Difference, office: Office, record: SenatorRecord) -> None:
    fields = {name: value for name, value in record.items() if getattr(office, name) != value}
    if not office.is_current:
        fields["is_current"] = True
    corrected = {name: fields.pop(name) for name in office.corrected_fields if name in fields}
    difference.corrections += [Correction(office, name, listed) for name, listed in corrected.items()]
    if fields:
        difference.changed.append((office, fields))


def without_seats_of_two(records: list[SenatorRecord]) -> tuple[list[SenatorRecord], list[LeftOut]]:
    """Return the records whose seat and person are named once, and the others."""
    seats, people = Counter(map(record_seat, records)), Counter(record["bioguide"] for record in records)
    single = [one for one in records if seats[record_seat(one)] == 1 and people[one["bioguide"]] == 1]
    why = for_staff("The list has this seat or this senator twice.")
    return single, [LeftOut(one["name"], record_seat(one), [why]) for one in records if one not in single]


def is_unread(office: Office, left_out: Iterable[LeftOut], records: list[SenatorRecord]) -> bool:
    """Return whether the list may well have this senator, in an entry that cannot be used."""
    seats = {one.seat for one in left_out}
    return seat_of(office) in seats or (None in seats and seat_of(office) not in map(record_seat, records))


def older_seats(offices: Iterable[Office], records: list[SenatorRecord]) -> Iterable[str]:
    """Return a sentence for each seat of which the site knows a later term than the list."""
    holders = {seat_of(office): office for office in offices if office.is_current}
    for record in records:
        holder = holders.get(record_seat(record))
        if holder and record["term_starts_on"] < holder.term_starts_on:
            yield for_staff_lazy(
                "%(listed)s began on %(day)s in the list, and %(stored)s on %(later)s as stored",
                listed=record["name"],
                day=record["term_starts_on"],
                stored=holder.name,
                later=holder.term_starts_on,
            )


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


def seat_of(office: Office) -> Seat:
    return Seat(office.state, office.senate_class)


def record_seat(record: SenatorRecord) -> Seat:
    return Seat(record["state"], record["senate_class"])


def warnings(records: list[SenatorRecord]) -> Iterable[str]:
    number = Counter(record["state"] for record in records)
    today = clock.now().date()
    for state in STATES:
        if number[state] != 2:
            yield for_staff_lazy("%(state)s has %(number)s instead of 2", state=STATES[state], number=number[state])
    for record in records:
        if record["term_ends_on"] < today:
            yield for_staff_lazy("the term of %(name)s is over", name=record["name"])


@transaction.atomic
def apply_difference(difference: Difference, *, source: str, proposal: OfficeImport | None = None) -> OfficeImport:
    """Apply the difference and record it; those who left go first, so that their seats are free."""
    Office.objects.filter(pk__in=[office.pk for office in difference.gone]).update(is_current=False)
    for office, fields in difference.changed:
        Office.objects.filter(pk=office.pk).update(**fields)
    Office.objects.bulk_create(Office(**record) for record in difference.new)
    note_changeovers()
    done = proposal or OfficeImport(source=source)
    done.changes, done.applied_at, done.entries = difference.lines(), Now(), None
    done.save()
    return done
