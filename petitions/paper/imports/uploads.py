"""Uploaded files of rows: kept in encrypted parts until their batch has been loaded, then deleted."""

import hashlib
from collections.abc import Iterator
from itertools import count
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from campaign.outbox import queue
from campaign.secrecy.encryption import decrypt_bytes
from campaign.secrecy.periods import boxes
from campaign.secrecy.periods.keys import Purpose
from petitions.models import PaperBatch, UploadPart
from petitions.paper.imports.loading import Collected, ImportSource, open_batch

PART_BYTES = 1 << 18
IMPORT_KIND = "petitions.paper-import"


def scan_of(file: UploadedFile) -> str:
    digest = hashlib.sha256()
    for piece in file.chunks(PART_BYTES):
        digest.update(piece)
    return digest.hexdigest()


@transaction.atomic
def receive(file: UploadedFile, *, language: str, country: str, by: Any, **about: Any) -> PaperBatch:
    """Open a batch for the file, which a worker will load.

    `about` has petition, scan, collector, place and collected_on.
    """
    petition, scan = about.pop("petition"), about.pop("scan")
    source = ImportSource(scan, (file.name or "")[-200:], file.size or 0)
    text = petition.text_in(language)
    batch = open_batch(
        petition=petition, collected=Collected(**about), source=source, text=text, country=country, by=by
    )
    keep(batch, file)
    return batch


@transaction.atomic
def keep(batch: PaperBatch, file: UploadedFile) -> None:
    """Keep the file and have a worker load it."""
    batch.parts.all().delete()
    for number, piece in enumerate(file.chunks(PART_BYTES)):
        UploadPart.objects.create(batch=batch, number=number, content=boxes.seal(piece, Purpose.SHORT))
    queue.forget([IMPORT_KIND], [batch.pk])
    queue.put(IMPORT_KIND, subject=batch.pk, payload={"batch": batch.pk})


def pieces(batch: PaperBatch) -> Iterator[bytes]:
    for number in count():
        part = batch.parts.filter(number=number).first()
        if part is None:
            return
        yield decrypt_bytes(part.content)
