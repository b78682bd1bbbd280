"""Rows typed from a returned sheet, and the sample of them that a second person types again.

Nobody can read what was typed: it is sealed at once. The second typing is compared by a keyed hash, which is made only
for rows chosen by chance at the moment of typing, and forgotten once it has been compared.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction

from campaign.secrecy.addresses import keyed_hash
from campaign.secrecy.sealing import seal
from petitions.models import BatchState, PaperBatch, Rekeying
from petitions.models.paper import Outcome, Reason
from petitions.paper import importing
from petitions.paper.rows import Layout, Person
from petitions.paper.sealing import Remark, Sealed, Sealer
from petitions.paper.storing import Interrupted, Storing

ONE_IN = 10  # rows typed twice
NO_FILE = Layout((), 0, ",", "")


@dataclass(frozen=True)
class Rejected:
    """A row that does not count, and why; what stands there is kept, sealed."""

    reason: Reason
    values: dict[str, str]


Numbered = tuple[int, Person | Rejected]  # a row with its number on the sheet


@transaction.atomic
def enter(batch: PaperBatch, rows: Sequence[Numbered], *, first: int, by: User) -> None:
    """Add rows, the first of which `by` typed as number `first`. Raises Interrupted if the batch is behind that number
    by now, or takes no rows."""
    if not takes_rows(batch):
        raise Interrupted
    batch.lines_read = first - 1
    key = importing.key_of(batch.petition)
    Storing.into(batch, key).store(sealed(batch, rows, key.public_key))
    choose(batch, persons_of(rows), by)


def persons_of(rows: Sequence[Numbered]) -> list[tuple[int, Person]]:
    return [(number, row) for number, row in rows if isinstance(row, Person)]


def sealed(batch: PaperBatch, rows: Sequence[Numbered], public_key: str) -> Sealed:
    last = max((number for number, _ in rows), default=batch.lines_read)
    chunk = Sealer(batch.petition_id, public_key, NO_FILE).seal_rows(persons_of(rows), lines_read=last)
    for number, row in rows:
        if isinstance(row, Rejected):
            box = seal(row.values, public_key) if row.values else None
            chunk.remarks.append(Remark(number, Outcome.REJECTED, row.reason, box))
    return chunk


def choose(batch: PaperBatch, persons: Sequence[tuple[int, Person]], by: User) -> None:
    """By chance, so that whoever types cannot know which rows will be typed again."""
    Rekeying.objects.bulk_create(
        Rekeying(batch=batch, row=number, digest=digest(batch, person), typed_by=by)
        for number, person in persons
        if secrets.randbelow(ONE_IN) == 0
    )


def digest(batch: PaperBatch, person: Person) -> bytes:
    """Of everything typed, but for case and spaces."""
    typed = "\0".join(" ".join(value.casefold().split()) for value in person)
    return keyed_hash(typed, f"rekeying {batch.pk}")


@transaction.atomic
def compare(rekeying: Rekeying, row: Person | Rejected, *, by: User) -> None:
    """Note whether it was typed the same again; only once. Raises PermissionDenied for who typed it first."""
    if by.pk == rekeying.typed_by_id:
        raise PermissionDenied("the second typing needs a second person")
    open_rows = Rekeying.objects.open(rekeying.batch).filter(pk=rekeying.pk)
    for chosen in open_rows.select_for_update():
        again = digest(rekeying.batch, row) if isinstance(row, Person) else b""
        is_equal = secrets.compare_digest(bytes(chosen.digest or b""), again)
        open_rows.update(is_equal=is_equal, digest=None, keyed_by=by)


def takes_rows(batch: PaperBatch) -> bool:
    """Whether rows are being typed into it; else it comes from a file or is finished."""
    return batch.is_typed and batch.state == BatchState.LOADING
