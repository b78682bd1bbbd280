"""Loading a file of rows as one batch. It can be stopped at any moment and goes on where it was; nothing is in twice.

batch = open_batch(petition=..., source=Source("rows.csv", scan, size), collected=Collected("Ana", "Bern", day))
for _ in load(batch, pieces):
    ...  # a chunk more is in; batch.refresh_from_db() tells how far it is
"""

from collections.abc import Generator, Iterable
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import date

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction

from petitions import consent
from petitions.models import BatchState, PaperBatch, Petition, PetitionKey, PetitionText, Signature
from petitions.models.petition import SOURCE_LANGUAGE, Visibility
from petitions.paper.records import Unusable, lines_of, records_of
from petitions.paper.rows import layout_of
from petitions.paper.sealing import Sealer, sealed_chunks
from petitions.paper.storing import Storing


class AlreadyLoaded(Exception):
    """This scan or file is in already, as `batch`."""

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
class Source:
    """What the rows come from; `scan` is the SHA-256 of the scanned sheets, else of the file."""

    scan: str
    source: str = ""  # the name of a file
    size: int = 0


def open_batch(
    *,
    petition: Petition,
    collected: Collected,
    source: Source,
    text: PetitionText | None = None,
    country: str = "",
    by: AbstractBaseUser | None = None,
) -> PaperBatch:
    """A new batch, or the one of the same scan that was not finished. `text` is what stood on the paper, the newest
    wording in English if none is named. Raises AlreadyLoaded; Unusable for a draft and without a key."""
    key_of(petition)
    if petition.visibility == Visibility.DRAFT:
        raise Unusable("this petition is a draft: its wording may still change")
    text = text or petition.text_in(SOURCE_LANGUAGE)
    values = {"text": text, "consent": consent.on_paper(text.language), "country": country, "entered_by": by}
    try:
        with transaction.atomic():
            return PaperBatch.objects.create(petition=petition, **asdict(collected), **asdict(source), **values)
    except IntegrityError:
        return reopen(PaperBatch.objects.of_scan(petition, source.scan).get())


def reopen(batch: PaperBatch) -> PaperBatch:
    """Raises AlreadyLoaded for a batch that cannot go on."""
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
    """Yield after each chunk that is in. Raises Unusable, and Interrupted if the batch is stopped meanwhile."""
    records = records_of(lines_of(pieces))
    _, first_line = next(records, (0, b""))
    key = key_of(batch.petition)
    sealer = Sealer(batch.petition_id, key.public_key, layout_of(first_line, batch.country))
    storing, lines_read = Storing.into(batch, key), batch.lines_read
    with closing(sealed_chunks((record for record in records if record[0] > lines_read), sealer)) as chunks:
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
    """Stop loading. What is in stays in, until the batch is taken back or the same file given again."""
    loading = PaperBatch.objects.filter(pk=batch.pk, state=BatchState.LOADING)
    wipe(batch)
    return bool(loading.update(state=BatchState.CANCELLED, problem=problem))


def wipe(batch: PaperBatch) -> None:
    batch.parts.all().delete()
