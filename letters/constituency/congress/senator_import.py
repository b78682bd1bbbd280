"""Bring the offices in line with a list of senators: compare first, then apply what was seen.

    difference = compare_with_offices(records, left_out)
    apply_difference(difference, source="legislators-current.yaml")

An entry that cannot be used is left out, and its seat and its senator stay as they are; all others are applied, or
nothing is. Fields that staff corrected by hand are left as they are, until staff release them; so is a successor whom
staff entered and the list does not have yet.
"""

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models.functions import Now
from django.utils import translation

from campaign.database import clock
from campaign.translation import for_staff, for_staff_lazy
from letters.constituency.changeovers import note_changeovers
from letters.constituency.congress.chambers import US_HOUSE, chamber
from letters.constituency.congress.senators import LeftOut, Seat, SenatorRecord, label_of
from letters.models import Office, OfficeImport
from letters.models.recipients.recipient_lists import US_SENATE
from letters.models.recipients.us_states import STATES

FEWEST = {US_SENATE: 90, US_HOUSE: 400}  # a shorter list is broken, not news
TOLD = 5  # of what cannot be used, when nothing can


class Nonsense(Exception):
    """The list cannot be right, or cannot be applied; nothing was changed."""


class Correction(NamedTuple):
    """A field that staff corrected, and of which the list says something else."""

    office: Office
    field: str
    listed: Any

    @property
    def key(self) -> str:
        return f"{self.office.directory_id} {self.field}"

    @property
    def label(self) -> str:
        return label_of(self.field)

    @property
    def ours(self) -> Any:
        return getattr(self.office, self.field)


@dataclass
class Difference:
    slug: str = US_SENATE  # of the chamber
    new: list[SenatorRecord] = field(default_factory=list)
    changed: list[tuple[Office, dict[str, Any]]] = field(default_factory=list)
    gone: list[Office] = field(default_factory=list)
    unchanged: list[Office] = field(default_factory=list)  # of those in office
    corrections: list[Correction] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)  # with one of these, staff say that they want it all the same

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.gone)

    def changes(self) -> list[str]:
        """Return one readable line for each change, in English: they are kept."""
        return [
            *(f"+ {record['name']} ({record_seat(record).label})" for record in self.new),
            *(f"- {office.name} ({seat_of(office).label})" for office in self.gone),
            *(line for office, fields in self.changed for line in changes_of_office(office, fields)),
        ]

    def to_agree_on(self) -> list[str]:
        """Return the changes, and what else was seen that does not depend on the day alone, in English."""
        with translation.override("en"):
            return [
                *self.changes(),
                *(f"= {one.office.name}: {one.field} stays {one.ours}, not {one.listed}" for one in self.corrections),
                *(f"! left out: {one.name} ({one.seat_code})" for one in self.left_out),
                *(f"! {doubt}" for doubt in self.doubts),
            ]

    def lines(self) -> list[str]:
        """Return all that there is to say, in English."""
        with translation.override("en"):
            return [*self.to_agree_on(), *(f"! {warning}" for warning in self.warnings)]

    def digest(self) -> str:
        """Return what tells whether it is still the same difference, in whatever language it was seen."""
        return hashlib.sha256("\n".join(self.to_agree_on()).encode()).hexdigest()

    def release(self, keys: Collection[str]) -> None:
        """Take the list's word for these corrections. Raises Nonsense if two would then sit in one seat."""
        for one in [one for one in self.corrections if one.key in keys]:
            self.corrections.remove(one)
            one.office.corrected_fields = [name for name in one.office.corrected_fields if name != one.field]
            changes = next((fields for office, fields in self.changed if office == one.office), None)
            if changes is None:
                self.changed.append((one.office, changes := {}))
            changes |= {one.field: one.listed, "corrected_fields": one.office.corrected_fields}
        self.refuse_two_in_a_seat()

    def refuse_two_in_a_seat(self) -> None:
        changed = {office.pk: fields for office, fields in self.changed}
        holders = [record_seat(record) for record in self.new]
        holders += [seat_of(office) for office in self.unchanged if office.pk not in changed]
        for office, fields in self.changed:
            if fields.get("is_current", office.is_current):
                state, senate_class = fields.get("area", office.area), fields.get("seat", office.seat)
                holders.append(Seat(state, senate_class))
        if twice := sorted(f"{state} {number}" for (state, number), times in Counter(holders).items() if times > 1):
            text = for_staff("Two senators would sit in one seat (%(seats)s): look at what staff entered there.")
            raise Nonsense(text % {"seats": ", ".join(twice)})


def changes_of_office(office: Office, fields: dict[str, Any]) -> list[str]:
    named = {name: value for name, value in fields.items() if name != "corrected_fields"}
    return [f"~ {office.name}: {name} {getattr(office, name)!s} -> {value!s}" for name, value in named.items()]


def compare_with_offices(
    records: list[SenatorRecord], left_out: Iterable[LeftOut] = (), slug: str = US_SENATE
) -> Difference:
    """Compare the list with the offices of a chamber. Raises Nonsense."""
    left_out = list(left_out)
    records, twice = without_seats_of_two(records, left_out)
    left_out += twice
    refuse_few(records, left_out, FEWEST[slug])
    told = warnings(records, left_out, states=STATES if slug == US_SENATE else ())
    difference = Difference(slug, left_out=left_out, warnings=list(told))
    known = {office.directory_id: office for office in Office.objects.filter(recipient_list=slug)}
    in_office = [office for office in known.values() if office.is_current]
    holders, entered = {seat_of(office): office for office in in_office}, entered_by_hand(known.values(), records)
    kept = []
    for record in records:
        office = known.pop(record["directory_id"], None) or known.pop(entered.get(record["directory_id"], ""), None)
        holder = holders.get(record_seat(record))
        if office is None:
            difference.new.append(record)
        elif holder and is_ahead(holder, office):
            kept.append(holder)
        else:
            compare_one(difference, office, record)
    missing = [office for office in known.values() if office.is_current and office not in kept]
    sort_missing(difference, missing, {record_seat(record) for record in records})
    difference.warnings += [
        for_staff_lazy("%(name)s stays, as staff entered: the list has a predecessor", name=office.name)
        for office in kept
    ]
    difference.unchanged = [office for office in in_office if office not in difference.gone]
    difference.doubts = [*older_terms(holders, records), *terms_to_come(difference, holders, records)]
    difference.refuse_two_in_a_seat()
    return difference


def refuse_few(records: list[SenatorRecord], left_out: list[LeftOut], fewest: int) -> None:
    if len(records) >= fewest:
        return
    text = for_staff("It has only %(number)s senators; at least %(fewest)s are expected.")
    faults = [f"{one.name} – {' '.join(one.problems)}" for one in left_out if one.is_whole]
    if faults:
        text += " " + for_staff("%(faulty)s entries cannot be used: %(first)s")
    words = {"number": len(records), "fewest": fewest, "faulty": len(faults), "first": "; ".join(faults[:TOLD])}
    raise Nonsense(text % words)


def compare_one(difference: Difference, office: Office, record: SenatorRecord) -> None:
    fields = {name: value for name, value in record.items() if getattr(office, name) != value}
    if not office.is_current:
        fields["is_current"] = True
    corrected = {name: fields.pop(name) for name in office.corrected_fields if name in fields}
    difference.corrections += [Correction(office, name, listed) for name, listed in corrected.items()]
    if fields:
        difference.changed.append((office, fields))


def sort_missing(difference: Difference, missing: Iterable[Office], listed: Collection[Seat]) -> None:
    """Put those whom the list does not have among those who go, or say why they stay."""
    seats, people = (
        {one.seat for one in difference.left_out if one.is_whole},
        {one.bioguide for one in difference.left_out if one.is_whole},
    )
    for office in missing:
        is_free = seat_of(office) not in listed
        if is_free and (seat_of(office) in seats or office.directory_id in people or None in seats):
            text = for_staff_lazy("%(name)s stays: the list's entry for this seat cannot be used", name=office.name)
            difference.warnings.append(text)
        elif is_free and (office.is_provisional or "is_current" in office.corrected_fields):
            text = for_staff_lazy("%(name)s stays, as staff entered: the list has nobody there", name=office.name)
            difference.warnings.append(text)
        else:
            difference.gone.append(office)


def without_seats_of_two(
    records: list[SenatorRecord], left_out: Iterable[LeftOut]
) -> tuple[list[SenatorRecord], list[LeftOut]]:
    """Return the records whose seat and person are named once, and the others."""
    seats = Counter(map(record_seat, records)) + Counter(one.seat for one in left_out if one.is_whole and one.seat)
    people = Counter(record["directory_id"] for record in records)
    single = [one for one in records if seats[record_seat(one)] == 1 and people[one["directory_id"]] == 1]
    why = for_staff("The list has this seat or this senator twice.")
    others = [one for one in records if one not in single]
    return single, [LeftOut(one["name"], record_seat(one), one["directory_id"], [why]) for one in others]


def is_ahead(holder: Office, listed: Office) -> bool:
    """Return whether staff have put down that the listed senator has left, and who sits there now."""
    return (
        holder != listed
        and not listed.is_current
        and (holder.is_provisional or "is_current" in listed.corrected_fields)
    )


def older_terms(holders: Mapping[Seat, Office], records: list[SenatorRecord]) -> Iterator[str]:
    """Yield a sentence for each seat of which the site knows a later term than the list."""
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


def terms_to_come(
    difference: Difference, holders: Mapping[Seat, Office], records: list[SenatorRecord]
) -> Iterator[str]:
    """Yield a sentence for each senator who would come before their term begins."""
    comes = {record["directory_id"] for record in difference.new}
    comes |= {office.directory_id for office, fields in difference.changed if fields.get("is_current")}
    today = clock.now().date()
    for record in records:
        if record["directory_id"] in comes and record["term_starts_on"] > today and record_seat(record) in holders:
            yield for_staff_lazy(
                "the term of %(name)s does not begin before %(day)s", name=record["name"], day=record["term_starts_on"]
            )


def entered_by_hand(offices: Iterable[Office], records: list[SenatorRecord]) -> dict[str, str]:
    """Return the ids under which staff entered senators, by those that the list has for the same people."""
    known, listed = {office.directory_id for office in offices}, {record["directory_id"] for record in records}
    holders = {seat_of(office): office for office in offices if office.is_current and office.directory_id not in listed}
    new = [(record, holders.get(record_seat(record))) for record in records if record["directory_id"] not in known]
    return {record["directory_id"]: office.directory_id for record, office in new if office and is_same(office, record)}


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


def seat_of(office: Office) -> Seat:
    return Seat(office.area, office.seat)


def record_seat(record: SenatorRecord) -> Seat:
    return Seat(record["area"], record["seat"])


def warnings(records: list[SenatorRecord], left_out: Iterable[LeftOut], *, states: Iterable[str]) -> Iterator[str]:
    number = Counter(record["area"] for record in records)
    number += Counter(one.seat.state for one in left_out if one.is_whole and one.seat)
    today = clock.now().date()
    for state in states:
        if number[state] != 2:
            yield for_staff_lazy("%(state)s has %(number)s instead of 2", state=STATES[state], number=number[state])
    for record in records:
        if record["term_ends_on"] < today:
            yield for_staff_lazy("the term of %(name)s is over", name=record["name"])


@transaction.atomic
def apply_difference(difference: Difference, *, source: str, proposal: OfficeImport | None = None) -> OfficeImport:
    """Apply the difference and record it; those who leave their seats go first, so that these are free."""
    moving = [office for office, fields in difference.changed if fields.keys() & {"area", "seat"}]
    leaving = [office.pk for office in [*difference.gone, *moving]]
    lines = difference.lines()
    Office.objects.filter(pk__in=leaving).update(is_current=False)
    for office, fields in difference.changed:
        Office.objects.filter(pk=office.pk).update(**{"is_current": office.is_current, **fields})
    recipients = chamber(difference.slug)
    Office.objects.bulk_create(Office(recipient_list=recipients, **record) for record in difference.new)
    note_changeovers()
    done = proposal or OfficeImport(source=source)
    done.changes, done.applied_at, done.entries = lines, Now(), None
    done.save()
    return done


@transaction.atomic
def apply_list(
    records: list[SenatorRecord],
    left_out: Iterable[LeftOut],
    *,
    seen: str,
    release: Collection[str] = (),
    is_sure: bool = False,
    source: str,
    proposal: OfficeImport | None = None,
) -> OfficeImport:
    """Apply the list if it would still change what was `seen` (a digest). Raises Nonsense, with words for staff."""
    list(Office.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    difference = compare_proposal(records, left_out, proposal)
    if difference.digest() != seen:
        raise Nonsense(for_staff("The offices have changed meanwhile. This is what the list would change now."))
    if difference.doubts and not is_sure:
        raise Nonsense(for_staff("Something speaks against this list. Say that you want to apply it all the same."))
    difference.release(release)
    return apply_difference(difference, source=source, proposal=proposal)


def compare_proposal(
    records: list[SenatorRecord], left_out: Iterable[LeftOut], proposal: OfficeImport | None
) -> Difference:
    """Compare a list that was uploaded some time ago. Raises Nonsense."""
    difference = compare_with_offices(records, left_out)
    if proposal and OfficeImport.objects.filter(applied_at__gt=proposal.uploaded_at).exists():
        difference.doubts.append(for_staff_lazy("another list was applied after this one had been uploaded"))
    return difference
