"""Rows typed from a returned sheet, and the sample of them that a second person types again.

Nobody can read what was typed: it is sealed at once. The second typing is compared by a keyed hash, which is made only
for rows chosen by chance at the moment of typing, and forgotten once it has been compared.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import transaction

from campaign.secrecy.addresses import keyed_hash
from campaign.secrecy.sealing import seal
from petitions.models import BatchState, PaperBatch, Rekeying
from petitions.models.paper import Outcome, Reason
from petitions.paper import importing
from petitions.paper.rows import Layout, Person
from petitions.paper.sealing import Remark, Sealer
from petitions.paper.storing import Storing

ONE_IN = 10  # rows typed twice
NO_FILE = Layout((), 0, ",", "")


@dataclass(frozen=True)
class Rejected:
    """A row that does not count, and why; what stands there is kept, sealed."""

    reason: Reason
    values: dict[str, str]


@transaction.atomic
def enter(batch: PaperBatch, rows: Sequence[Person | Rejected]) -> None:
    """Add rows to a batch that is being typed. Raises Interrupted if somebody else typed into it meanwhile."""
    key = importing.key_of(batch.petition)
    numbered = list(enumerate(rows, start=batch.lines_read + 1))
    persons = [(number, row) for number, row in numbered if isinstance(row, Person)]
    sealer = Sealer(batch.petition_id, key.public_key, NO_FILE)
    sealed = sealer.seal_rows(persons, lines_read=batch.lines_read + len(rows))
    for number, row in numbered:
        if isinstance(row, Rejected):
            box = seal(row.values, key.public_key) if row.values else None
            sealed.remarks.append(Remark(number, Outcome.REJECTED, row.reason, box))
    Storing.into(batch, key).store(sealed)
    choose(batch, persons)


def choose(batch: PaperBatch, persons: Sequence[tuple[int, Person]]) -> None:
    """By chance, so that whoever types cannot know which rows will be typed again."""
    Rekeying.objects.bulk_create(
        Rekeying(batch=batch, row=number, digest=digest(batch, person))
        for number, person in persons
        if secrets.randbelow(ONE_IN) == 0
    )


def digest(batch: PaperBatch, person: Person) -> bytes:
    """Of everything typed, but for case and spaces."""
    typed = "\0".join(" ".join(value.casefold().split()) for value in person)
    return keyed_hash(typed, f"rekeying {batch.pk}")


@transaction.atomic
def compare(rekeying: Rekeying, row: Person | Rejected, *, by: AbstractBaseUser) -> bool:
    """Whether it was typed the same again. Raises PermissionDenied for who typed it first."""
    batch = rekeying.batch
    if by.pk == batch.entered_by_id:
        raise PermissionDenied("the second typing needs a second person")
    open_rows = Rekeying.objects.open(batch).filter(pk=rekeying.pk)
    first = open_rows.select_for_update().get().digest
    is_equal = isinstance(row, Person) and secrets.compare_digest(bytes(first or b""), digest(batch, row))
    open_rows.update(is_equal=is_equal, digest=None, keyed_by=by)
    return is_equal


def takes_rows(batch: PaperBatch) -> bool:
    """Whether rows are being typed into it; else it comes from a file or is finished."""
    return batch.is_typed and batch.state == BatchState.LOADING
