"""Store rows typed from a returned sheet, and choose the sample of them that a second person types again.

Nobody can read what was typed: it is sealed at once. The second typing is compared by keyed hashes, which are made only
for rows chosen at random when they are first typed (petitions/paper/sheets/double_entry.py).
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction

from campaign.secrecy.addresses import keyed_hash
from campaign.secrecy.sealing import seal
from petitions.models import BatchState, PaperBatch, Rekeying
from petitions.models.paper import Reason, RowOutcome
from petitions.paper.imports import loading
from petitions.paper.imports.rows import Layout, Person
from petitions.paper.imports.sealing import Remark, Sealed, Sealer
from petitions.paper.imports.storage import ImportInterrupted, Storing

ONE_IN = 10  # one row in so many is typed twice
DIGEST_BYTES = 16  # of each thing that was typed
NO_FILE = Layout((), 0, ",", "")


@dataclass(frozen=True)
class RejectedRow:
    """A row that does not count, and why; its text is kept, sealed."""

    reason: Reason
    values: dict[str, str]


class SheetFull(Exception):
    """Fewer rows are left on the sheet than were typed."""


Numbered = tuple[int, Person | RejectedRow]  # with the row's number on the sheet


@transaction.atomic
def enter(batch: PaperBatch, rows: Sequence[Numbered], *, first: int, by: User) -> None:
    """Add rows, the first of which `by` typed as number `first`.

    Raises SheetFull; raises ImportInterrupted if the batch has moved past that number meanwhile, or takes no rows.
    """
    if not takes_rows(batch):
        raise ImportInterrupted
    if batch.rows is not None and any(number > batch.rows for number, _ in rows):
        raise SheetFull
    batch.lines_read = first - 1
    key = loading.key_of(batch.petition)
    Storing.into(batch, key).store(sealed_rows(batch, rows, key.public_key))
    choose_sample(batch, persons_of(rows), by)


def persons_of(rows: Sequence[Numbered]) -> list[tuple[int, Person]]:
    return [(number, row) for number, row in rows if isinstance(row, Person)]


def sealed_rows(batch: PaperBatch, rows: Sequence[Numbered], public_key: str) -> Sealed:
    last = max((number for number, _ in rows), default=batch.lines_read)
    chunk = Sealer(batch.petition_id, public_key, NO_FILE).seal_rows(persons_of(rows), lines_read=last)
    for number, row in rows:
        if isinstance(row, RejectedRow):
            box = seal(row.values, public_key) if row.values else None
            chunk.remarks.append(Remark(number, RowOutcome.REJECTED, row.reason, box))
    return chunk


def choose_sample(batch: PaperBatch, persons: Sequence[tuple[int, Person]], by: User) -> None:
    """Choose rows at random, so that whoever types cannot know which will be typed again."""
    Rekeying.objects.bulk_create(
        Rekeying(batch=batch, row=number, digest=row_digest(batch, person), typed_by=by)
        for number, person in persons
        if secrets.randbelow(ONE_IN) == 0
    )


def row_digest(batch: PaperBatch, person: Person) -> bytes:
    """Hash each thing that was typed, ignoring case and spacing."""
    return b"".join(
        keyed_hash(" ".join(value.casefold().split()), f"rekeying {batch.pk} {name}")[:DIGEST_BYTES]
        for name, value in person._asdict().items()
    )


def takes_rows(batch: PaperBatch) -> bool:
    """Return whether rows can be typed into the batch; it may have come from a file, be finished or be cleared."""
    return batch.is_typed and batch.state == BatchState.LOADING and not batch.is_cleared
