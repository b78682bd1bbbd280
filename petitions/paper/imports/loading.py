"""Load a file of rows as one batch. It can be stopped at any moment and resumes where it was; no row is stored twice.

source, collected = ImportSource(scan, "rows.csv", size), Collected("Ana", "Bern", day)
batch = open_batch(petition=petition, source=source, collected=collected)
for _ in load(batch, pieces):
    ...  # another chunk is stored; batch.refresh_from_db() tells how far it is
"""

from collections.abc import Generator, Iterable
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import date

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction

from campaign.appeals.models import SOURCE_LANGUAGE, Visibility
from campaign.protection.inputs.csv_records import Unusable
from petitions.models import BatchState, PaperBatch, Petition, PetitionKey, PetitionText, Signature
from petitions.paper.imports.rows import Reading, known_layout, layout_of, open_table
from petitions.paper.imports.sealing import Sealer, sealed_chunks
from petitions.paper.imports.storage import Storing
from petitions.signing import consent


class AlreadyLoaded(Exception):
    """This scan or file has already been loaded, as `batch`."""

    def __init__(self, batch: PaperBatch) -> None:
        super().__init__(f"loaded already: {batch}")
        self.batch = batch


@dataclass(frozen=True)
class Collected:
    """Who gathered the signatures, where and until when."""

    collector: str
    place: str
    collected_on: date


@dataclass(frozen=True)
class ImportSource:
    """Where the rows come from; `scan` is the SHA-256 of the scanned sheets, else of the file."""

    scan: str
    source: str = ""  # the name of a file
    size: int = 0


def open_batch(
    *,
    petition: Petition,
    collected: Collected,
    source: ImportSource,
    text: PetitionText | None = None,
    country: str = "",
    rows: int | None = None,
    by: AbstractBaseUser | None = None,
    state: BatchState = BatchState.LOADING,
    reading: Reading | None = None,
) -> PaperBatch:
    """Open a new batch, or reopen the unfinished one of the same scan.

    `text` is the wording on the paper, by default the newest in English; `rows` is how many can be typed from it.
    Without a `reading`, the file must be UTF-8 and name its columns by the names that are known.
    Raises AlreadyLoaded; Unusable if the petition is a draft or has no active key.
    """
    key_of(petition)
    if petition.visibility == Visibility.DRAFT:
        raise Unusable("this petition is a draft: its wording may still change")
    text = text or petition.text_in(SOURCE_LANGUAGE)
    values = {"text": text, "consent": consent.on_paper(text.language), "country": country}
    values |= {"rows": rows, "entered_by": by, "state": state, "reading": reading and asdict(reading)}
    try:
        with transaction.atomic():
            return PaperBatch.objects.create(petition=petition, **asdict(collected), **asdict(source), **values)
    except IntegrityError:
        return reopen(PaperBatch.objects.of_scan(petition, source.scan).get())


def reopen(batch: PaperBatch) -> PaperBatch:
    """Let an unfinished batch go on. Raises AlreadyLoaded if it cannot."""
    if not batch.can_go_on:
        raise AlreadyLoaded(batch)
    PaperBatch.objects.filter(pk=batch.pk, state=BatchState.CANCELLED).update(state=BatchState.LOADING, problem="")
    batch.refresh_from_db()
    return batch


def key_of(petition: Petition) -> PetitionKey:
    if petition.active_key is None:
        raise Unusable("this petition has no active key to seal signatures to")
    return petition.active_key


def load(batch: PaperBatch, pieces: Iterable[bytes]) -> Generator[None, None, None]:
    """Store the file chunk by chunk, yielding after each.

    Raises Unusable, and ImportInterrupted if the batch is stopped meanwhile.
    """
    table = open_table(pieces, Reading.of(batch.reading))
    layout = layout_of(table.reading, batch.country) if batch.reading else known_layout(table, batch.country)
    key = key_of(batch.petition)
    sealer = Sealer(batch.petition_id, key.public_key, layout)
    storing, lines_read = Storing.into(batch, key), batch.lines_read
    with closing(sealed_chunks((record for record in table.records if record[0] > lines_read), sealer)) as chunks:
        for chunk in chunks:
            storing.store(chunk)
            yield
    finish(batch)


def finish(batch: PaperBatch) -> None:
    PaperBatch.objects.filter(pk=batch.pk, state=BatchState.LOADING).update(state=BatchState.LOADED)
    Signature.objects.analyze()
    wipe(batch)


@transaction.atomic
def cancel(batch: PaperBatch, problem: str = "") -> bool:
    """Stop loading; stored rows stay until the batch is taken back, and the same file given again resumes it."""
    loading = PaperBatch.objects.filter(pk=batch.pk, state=BatchState.LOADING)
    is_stopped = bool(loading.update(state=BatchState.CANCELLED, problem=problem))
    if is_stopped:
        wipe(batch)
    return is_stopped


def wipe(batch: PaperBatch) -> None:
    batch.parts.all().delete()
