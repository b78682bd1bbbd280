"""Uploaded files of rows: kept in encrypted parts until somebody has looked at them and they have been loaded."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from itertools import count, islice
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models.functions import Now

from campaign import audit
from campaign.admin.spreadsheets import PART_BYTES
from campaign.outbox import queue
from campaign.protection.inputs.csv_records import Unusable
from campaign.secrecy.encryption import decrypt_bytes
from campaign.secrecy.periods import boxes
from campaign.secrecy.periods.keys import Purpose
from petitions.models import BatchState, PaperBatch, UploadPart
from petitions.models.paper import PaperBatchQuerySet
from petitions.paper.imports import loading
from petitions.paper.imports.loading import Collected, ImportSource, open_batch
from petitions.paper.imports.rows import (
    NumberedRow,
    Person,
    Reading,
    layout_of,
    numbered_rows,
    open_table,
)

ROWS_SHOWN, ROWS_LOOKED_AT = 10, 1000
UNSEEN = timedelta(days=1)  # that long a file waits for somebody to look at it
IMPORT_KIND = "petitions.paper-import"


def scan_of(file: UploadedFile) -> str:
    digest = hashlib.sha256()
    for piece in file.chunks(PART_BYTES):
        digest.update(piece)
    return digest.hexdigest()


@transaction.atomic
def receive(
    file: UploadedFile, pieces: Iterable[bytes], *, reading: Reading, language: str, country: str, by: Any, **about: Any
) -> PaperBatch:
    """Keep a file until somebody has looked at it. One that was stopped goes on, and is read as before.

    `pieces` is the file as text; `about` has petition, scan, collector, place and collected_on.
    """
    petition, scan = about.pop("petition"), about.pop("scan")
    batch = open_batch(
        petition=petition,
        collected=Collected(**about),
        source=ImportSource(scan, (file.name or "")[-200:], file.size or 0),
        text=petition.text_in(language),
        country=country,
        by=by,
        state=BatchState.UPLOADED,
        reading=reading,
    )
    keep(batch, pieces)
    if batch.state == BatchState.LOADING:
        put(batch)
    return batch


def keep(batch: PaperBatch, pieces: Iterable[bytes]) -> None:
    batch.parts.all().delete()
    size = 0
    for number, piece in enumerate(pieces):
        UploadPart.objects.create(batch=batch, number=number, content=boxes.seal(piece, Purpose.SHORT))
        size += len(piece)
    PaperBatch.objects.filter(pk=batch.pk).update(size=size)


def put(batch: PaperBatch) -> None:
    """Have a worker load it."""
    queue.forget([IMPORT_KIND], [batch.pk])
    queue.put(IMPORT_KIND, subject=batch.pk, payload={"batch": batch.pk})


def pieces(batch: PaperBatch) -> Iterator[bytes]:
    for number in count():
        part = batch.parts.filter(number=number).first()
        if part is None:
            return
        yield decrypt_bytes(part.content)


@dataclass(frozen=True)
class Preview:
    """What a file holds, as it is read now."""

    headers: list[str]
    reading: Reading
    rows: list[NumberedRow]
    looked_at: int  # rows
    faulty: int  # of these
    problem: str  # why it cannot be loaded so; or empty


def preview(batch: PaperBatch, reading: Reading | None = None) -> Preview:
    """Read the first rows as the file will be read, or would be by another reading. Raises Unusable."""
    table = open_table(pieces(batch), reading or Reading.of(batch.reading))
    try:
        layout = layout_of(table.reading, batch.country)
    except Unusable as error:
        return Preview(table.headers, table.reading, [], 0, 0, str(error))
    rows = list(islice(numbered_rows(table.records, layout), ROWS_LOOKED_AT))
    faulty = sum(not isinstance(person, Person) for _number, person in rows)
    return Preview(table.headers, table.reading, rows[:ROWS_SHOWN], len(rows), faulty, "")


@transaction.atomic
def start(batch: PaperBatch, *, by: AbstractBaseUser) -> bool:
    """Have a worker load a file that was looked at; return False if its state does not allow that."""
    if not uploaded(batch).update(state=BatchState.LOADING):
        return False
    audit.note("paper.loaded", by=by.get_username(), on=batch)
    put(batch)
    return True


def read_otherwise(batch: PaperBatch, reading: Reading) -> bool:
    """Keep how the file is to be read; return False if it does not wait any more."""
    return bool(uploaded(batch).update(reading=asdict(reading)))


@transaction.atomic
def discard(batch: PaperBatch) -> bool:
    """Wipe a file that has not been loaded; return False if it does not wait any more."""
    is_done = bool(uploaded(batch).update(state=BatchState.UNDONE))
    if is_done:
        loading.wipe(batch)
    return is_done


def discard_unseen() -> int:
    """Wipe the files that nobody has loaded within a day; return how many."""
    unseen = PaperBatch.objects.filter(state=BatchState.UPLOADED, created_at__lt=Now() - UNSEEN)
    return sum(discard(batch) for batch in unseen)


def uploaded(batch: PaperBatch) -> PaperBatchQuerySet:
    return PaperBatch.objects.filter(pk=batch.pk, state=BatchState.UPLOADED)
