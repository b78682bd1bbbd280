"""Bring the offices of a list in line with an upload: compare first, then apply what was seen.

    difference = compare_with_offices(recipients, records, left_out)
    apply_difference(difference, source="legislators-current.yaml")

An entry that cannot be used is left out, and its seat and its person stay as they are; all others are applied, or
nothing is. Fields that staff corrected by hand are left as they are, until staff release them; so is a successor whom
staff entered and the list does not have yet.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models.functions import Now
from django.utils import translation

from campaign.database import clock
from campaign.protection.inputs.typed_text import without_accents
from campaign.translation import for_staff, for_staff_lazy
from letters.constituency.changeovers import note_changeovers
from letters.constituency.imports.records import LeftOut, OfficeRecord, Seat, label_of
from letters.models import Office, OfficeImport, RecipientList
from letters.models.recipients.us_states import name_of

TOLD = 5  # of what cannot be used, when nothing can
ONCE_KNOWN = {"email_given_by", "email_given_on"}  # these stay while the address does
ADDRESS_IS_NEW = {"is_email_stopped": False, "email_returned_at": None, "email_returned_because": ""}


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
    recipients: RecipientList
    as_of: date | None = None  # the day of the source, if it is known
    new: list[OfficeRecord] = field(default_factory=list)
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
                holders.append(Seat(fields.get("area", office.area), fields.get("seat", office.seat)))
        times = Counter(seat for seat in holders if seat.is_told_apart)
        if twice := sorted(f"{seat.area} {seat.number}" for seat in times if times[seat] > 1):
            text = for_staff("Two would sit in one seat (%(seats)s): look at what staff entered there.")
            raise Nonsense(text % {"seats": ", ".join(twice)})


def changes_of_office(office: Office, fields: dict[str, Any]) -> list[str]:
    named = {name: value for name, value in fields.items() if name != "corrected_fields"}
    return [f"~ {office.name}: {name} {getattr(office, name)!s} -> {value!s}" for name, value in named.items()]


def compare_with_offices(
    recipients: RecipientList,
    records: list[OfficeRecord],
    left_out: Iterable[LeftOut] = (),
    *,
    as_of: date | None = None,
) -> Difference:
    """Compare an upload with the offices of its list. Raises Nonsense."""
    left_out = list(left_out)
    records, twice = without_seats_of_two(records, left_out)
    left_out += twice
    refuse_few(records, left_out, recipients.fewest_members or 1)
    difference = Difference(recipients, as_of, left_out=left_out)
    known = {office.directory_id: office for office in Office.objects.filter(recipient_list=recipients)}
    in_office = [office for office in known.values() if office.is_current]
    difference.warnings += warnings(recipients, records, left_out, in_office)
    holders = {seat_of(office): office for office in in_office if seat_of(office).is_told_apart}
    entered, kept = entered_by_hand(known.values(), records), []
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
    difference.doubts = [
        *older_terms(holders, records),
        *terms_to_come(difference, holders, records),
        *older_source(difference),
        *many_gone(difference, len(in_office)),
    ]
    difference.refuse_two_in_a_seat()
    return difference


def refuse_few(records: list[OfficeRecord], left_out: list[LeftOut], fewest: int) -> None:
    if len(records) >= fewest:
        return
    text = for_staff("It has only %(number)s members that can be used; at least %(fewest)s are expected.")
    faults = [f"{one.name} – {' '.join(one.problems)}" for one in left_out if one.is_whole]
    if faults:
        text += " " + for_staff("%(faulty)s entries cannot be used: %(first)s")
    words = {"number": len(records), "fewest": fewest, "faulty": len(faults), "first": "; ".join(faults[:TOLD])}
    raise Nonsense(text % words)


def compare_one(difference: Difference, office: Office, record: OfficeRecord) -> None:
    fields = {name: value for name, value in record.items() if getattr(office, name) != value}
    if "email" not in fields:
        fields = {name: value for name, value in fields.items() if name not in ONCE_KNOWN}
    if not office.is_current:
        fields["is_current"] = True
    corrected = {name: fields.pop(name) for name in office.corrected_fields if name in fields}
    difference.corrections += [Correction(office, name, listed) for name, listed in corrected.items()]
    if fields:
        difference.changed.append((office, fields))


def sort_missing(difference: Difference, missing: Iterable[Office], listed: Collection[Seat]) -> None:
    """Put those whom the list does not have among those who go, or say why they stay."""
    unread = [one for one in difference.left_out if one.is_whole]
    seats, people = {one.seat for one in unread}, {one.directory_id for one in unread}
    for office in missing:
        seat = seat_of(office)
        is_free = not seat.is_told_apart or seat not in listed
        is_unread = (seat.is_told_apart and seat in seats) or office.directory_id in people or None in seats
        if is_free and is_unread:
            text = for_staff_lazy("%(name)s stays: the list's entry for this seat cannot be used", name=office.name)
            difference.warnings.append(text)
        elif is_free and (office.is_provisional or "is_current" in office.corrected_fields):
            text = for_staff_lazy("%(name)s stays, as staff entered: the list has nobody there", name=office.name)
            difference.warnings.append(text)
        else:
            difference.gone.append(office)


def without_seats_of_two(
    records: list[OfficeRecord], left_out: Iterable[LeftOut]
) -> tuple[list[OfficeRecord], list[LeftOut]]:
    """Return the records whose seat and person are named once, and the others."""
    seats = Counter(map(record_seat, records)) + Counter(one.seat for one in left_out if one.is_whole and one.seat)
    people = Counter(record["directory_id"] for record in records)
    taken = {seat for seat, times in seats.items() if seat.is_told_apart and times > 1}
    single = [one for one in records if record_seat(one) not in taken and people[one["directory_id"]] == 1]
    why = for_staff("The list has this seat or this person twice.")
    kept = {id(one) for one in single}
    others = [one for one in records if id(one) not in kept]
    return single, [LeftOut(one["name"], record_seat(one), one["directory_id"], [why]) for one in others]


def is_ahead(holder: Office, listed: Office) -> bool:
    """Return whether staff have put down that the listed person has left, and who sits there now."""
    return (
        holder != listed
        and not listed.is_current
        and (holder.is_provisional or "is_current" in listed.corrected_fields)
    )


def older_terms(holders: Mapping[Seat, Office], records: list[OfficeRecord]) -> Iterator[str]:
    """Yield a sentence for each seat of which the site knows a later term than the list."""
    for record in records:
        holder = holders.get(record_seat(record))
        starts_on = record.get("term_starts_on")
        if holder and starts_on and holder.term_starts_on and starts_on < holder.term_starts_on:
            yield for_staff_lazy(
                "%(listed)s began on %(day)s in the list, and %(stored)s on %(later)s as stored",
                listed=record["name"],
                day=starts_on,
                stored=holder.name,
                later=holder.term_starts_on,
            )


def terms_to_come(difference: Difference, holders: Mapping[Seat, Office], records: list[OfficeRecord]) -> Iterator[str]:
    """Yield a sentence for each senator who would come before their term begins."""
    comes = {record["directory_id"] for record in difference.new}
    comes |= {office.directory_id for office, fields in difference.changed if fields.get("is_current")}
    today = clock.now().date()
    for record in records:
        starts_on, has_holder = record.get("term_starts_on"), record_seat(record) in holders
        if record["directory_id"] in comes and starts_on and starts_on > today and has_holder:
            yield for_staff_lazy(
                "the term of %(name)s does not begin before %(day)s", name=record["name"], day=starts_on
            )


def older_source(difference: Difference) -> Iterator[str]:
    """Yield a sentence if what is stored is of a later day than the upload."""
    stored = difference.recipients.as_of
    if difference.as_of and stored and difference.as_of < stored:
        yield for_staff_lazy(
            "the list is of %(day)s, and what is stored of %(later)s", day=difference.as_of, later=stored
        )


def many_gone(difference: Difference, in_office: int) -> Iterator[str]:
    """Yield a sentence if most of those in office would go, as with a list of somebody else."""
    if 2 * len(difference.gone) > in_office:
        yield for_staff_lazy("%(gone)s of %(number)s in office would go", gone=len(difference.gone), number=in_office)


def entered_by_hand(offices: Iterable[Office], records: list[OfficeRecord]) -> dict[str, str]:
    """Return the ids under which staff entered people, by those that the list has for the same ones."""
    known, listed = {office.directory_id for office in offices}, {record["directory_id"] for record in records}
    unlisted = [office for office in offices if office.is_current and office.directory_id not in listed]
    by_seat: dict[Seat, list[Office]] = {}
    for office in unlisted:
        by_seat.setdefault(seat_of(office), []).append(office)
    new = [record for record in records if record["directory_id"] not in known]
    return {
        record["directory_id"]: office.directory_id
        for record in new
        for office in by_seat.get(record_seat(record), [])
        if is_same(office, record)
    }


def is_same(office: Office, record: OfficeRecord) -> bool:
    """Return whether both are one person, given that they sit in the same place."""
    names = {without_accents(office.first_name), *without_accents(office.name).split()}
    is_first = without_accents(record["first_name"]) in names
    is_last = without_accents(office.last_name) == without_accents(record["last_name"])
    return is_last and (is_first or (office.is_provisional and seat_of(office).is_told_apart))


def seat_of(office: Office) -> Seat:
    return Seat(office.area, office.seat)


def record_seat(record: OfficeRecord) -> Seat:
    return Seat(record["area"], record.get("seat"))


def warnings(
    recipients: RecipientList, records: list[OfficeRecord], left_out: Iterable[LeftOut], in_office: Iterable[Office]
) -> Iterator[str]:
    number = Counter(record["area"] for record in records)
    number += Counter(one.seat.area for one in left_out if one.is_whole and one.seat)
    wanted = recipients.members_per_area
    for area in sorted({*number, *(office.area for office in in_office)}) if wanted else ():
        if number[area] != wanted:
            yield for_staff_lazy(
                "%(area)s has %(number)s instead of %(wanted)s", area=name_of(area), number=number[area], wanted=wanted
            )
    today = clock.now().date()
    for record in records:
        if (ends_on := record.get("term_ends_on")) and ends_on < today:
            yield for_staff_lazy("the term of %(name)s is over", name=record["name"])


@transaction.atomic
def apply_difference(difference: Difference, *, source: str, proposal: OfficeImport | None = None) -> OfficeImport:
    """Apply the difference and record it; those who leave their seats go first, so that these are free."""
    moving = [office for office, fields in difference.changed if fields.keys() & {"area", "seat"}]
    leaving = [office.pk for office in [*difference.gone, *moving]]
    lines = difference.lines()
    Office.objects.filter(pk__in=leaving).update(is_current=False)
    for office, fields in difference.changed:
        more = ADDRESS_IS_NEW if "email" in fields else {}
        Office.objects.filter(pk=office.pk).update(**{"is_current": office.is_current, **fields, **more})
    recipients = difference.recipients
    Office.objects.bulk_create(Office(recipient_list=recipients, **record) for record in difference.new)
    note_changeovers()
    if difference.as_of:
        RecipientList.objects.filter(pk=recipients.pk).update(source=source, as_of=difference.as_of)
    done = proposal or OfficeImport(recipient_list=recipients, source=source)
    done.changes, done.applied_at, done.entries = lines, Now(), None
    done.save()
    return done


@transaction.atomic
def apply_list(
    recipients: RecipientList,
    records: list[OfficeRecord],
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
    difference = compare_proposal(recipients, records, left_out, proposal)
    if difference.digest() != seen:
        raise Nonsense(for_staff("The offices have changed meanwhile. This is what the list would change now."))
    if difference.doubts and not is_sure:
        raise Nonsense(for_staff("Something speaks against this list. Say that you want to apply it all the same."))
    difference.release(release)
    return apply_difference(difference, source=source, proposal=proposal)


def compare_proposal(
    recipients: RecipientList, records: list[OfficeRecord], left_out: Iterable[LeftOut], proposal: OfficeImport | None
) -> Difference:
    """Compare a list that was uploaded some time ago. Raises Nonsense."""
    difference = compare_with_offices(recipients, records, left_out, as_of=proposal.as_of if proposal else None)
    if proposal and proposal.is_overtaken:
        difference.doubts.append(for_staff_lazy("another list was applied after this one had been uploaded"))
    return difference
