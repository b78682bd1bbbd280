"""Uploaded lists: kept in encrypted parts until they have been loaded, and read once for what is wrong with them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count, islice
from typing import Any

from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models.functions import Now

from campaign import audit
from campaign.admin.spreadsheets import csv_lines
from campaign.protection.inputs.csv_records import CsvRecord, lines_of, records_of
from campaign.secrecy.encryption import decrypt_bytes
from campaign.secrecy.periods import boxes
from campaign.secrecy.periods.keys import Purpose
from campaign.supporters.lists.rows import ListLayout, Wanted, list_layout, list_rows
from campaign.supporters.models import Consent, ImportPart, ImportRemark, ImportState, RowFault, SubscriberImport
from campaign.supporters.subscriptions import PURPOSE

MOST_REMARKS = 10_000  # of one file; the number of faulty rows is told in any case
PREVIEWED_ROWS = 10
UNSEEN = timedelta(days=1)  # that long a file waits for somebody to look at it


@dataclass
class Checked:
    """What a list holds, as far as one sees without asking who is a subscriber."""

    rows: int = 0
    faulty: int = 0
    faults: list[tuple[int, RowFault]] = field(default_factory=list)  # the first, by line


def check(pieces: Iterable[bytes], language: str) -> Checked:
    """Read a whole list, as CSV. Raises Unusable."""
    checked = Checked()
    for number, row in list_rows(*rows_and_layout(pieces, language)):
        checked.rows += 1
        if isinstance(row, RowFault):
            checked.faulty += 1
            if len(checked.faults) < MOST_REMARKS:
                checked.faults.append((number, row))
    return checked


def rows_and_layout(pieces: Iterable[bytes], language: str) -> tuple[Iterator[CsvRecord], ListLayout]:
    """Return the records after the first, and the layout that the first declares. Raises Unusable."""
    records = records_of(lines_of(pieces))
    _number, first_line = next(records, (0, b""))
    return records, list_layout(first_line, language)


@transaction.atomic
def receive(
    pieces: Iterable[bytes], *, checked: Checked, file: UploadedFile, wording: str, by: User, **about: Any
) -> SubscriberImport:
    """Keep a list that was checked; nobody is subscribed yet. `pieces` is the file as CSV.

    `about` has name, proof, place, consented_on, tags and language.
    """
    consent = Consent.objects.get_or_create(purpose=PURPOSE, language=about["language"], wording=wording)[0]
    named = {"source": (file.name or "")[-200:], "entered_by": by, "rows": checked.rows, "faulty": checked.faulty}
    one = SubscriberImport.objects.create(consent=consent, **named, **about)
    for number, piece in enumerate(pieces):
        ImportPart.objects.create(of=one, number=number, content=boxes.seal(piece, Purpose.SHORT))
        one.size += len(piece)
    one.save(update_fields=["size"])
    remarks = (ImportRemark(of=one, number=number, reason=fault) for number, fault in checked.faults)
    ImportRemark.objects.bulk_create(remarks, batch_size=5000)
    audit.note("subscribers.uploaded", by=by.get_username(), on=one, rows=one.rows, faulty=one.faulty)
    return one


def open_list(one: SubscriberImport) -> tuple[Iterator[CsvRecord], ListLayout]:
    """Return the rows of a list that is kept. Raises Unusable."""
    return rows_and_layout(pieces_of(one), one.language)


def pieces_of(one: SubscriberImport) -> Iterator[bytes]:
    for number in count():
        part = one.parts.filter(number=number).first()
        if part is None:
            return
        yield decrypt_bytes(part.content)


def first_rows(one: SubscriberImport) -> tuple[list[Wanted], tuple[str, ...]]:
    """Return the first rows as they will be read, and the columns that are not kept."""
    records, layout = open_list(one)
    wanted = (row for _number, row in list_rows(records, layout) if isinstance(row, Wanted))
    return list(islice(wanted, PREVIEWED_ROWS)), layout.ignored


def faults_report(one: SubscriberImport) -> Iterator[str]:
    """Yield the report as CSV: a line for each row that cannot be read, and no word of what stood in it."""
    remarks = ((remark.number, remark.get_reason_display()) for remark in one.remarks.order_by("number"))
    return csv_lines(["line", "reason"], remarks)


def discard_unseen() -> int:
    """Wipe the lists that nobody has looked at within a day; return how many."""
    unseen = SubscriberImport.objects.filter(state=ImportState.UPLOADED, created_at__lt=Now() - UNSEEN)
    return sum(wipe_unloaded(one) for one in unseen)


@transaction.atomic
def discard(one: SubscriberImport, *, by: User) -> bool:
    """Wipe a list that has not been loaded, as staff want it; return False if it has."""
    is_done = wipe_unloaded(one)
    if is_done:
        audit.note("subscribers.import-discarded", by=by.get_username(), on=one, new=one.new)
    return is_done


@transaction.atomic
def wipe_unloaded(one: SubscriberImport) -> bool:
    is_done = SubscriberImport.objects.filter(state=ImportState.UPLOADED).change(one, ImportState.UNDONE)
    if is_done:
        wipe_parts(one)
    return is_done


def wipe_parts(one: SubscriberImport) -> None:
    one.parts.all().delete()
