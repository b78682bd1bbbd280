"""Compare the sample that a second person types again, and settle each row that differs by what stands on the paper.

    differing = double_entry.compare(rekeying, row, by=user)  # names of fields, empty if it is the same
    double_entry.replace(rekeying, row, by=user)              # the second typing stands instead of the first

Nobody is shown what was typed first. A row ends as it was (typed again, it is the same after all), corrected, or struck
out; then its hashes are deleted, and the batch's numbers, its report and the count follow.
"""

import secrets
from collections import Counter

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F

from petitions.models import BatchState, PaperBatch, PaperRemark, Rekeying, Signature, State
from petitions.models.sheet import Settlement
from petitions.paper.imports import loading
from petitions.paper.imports.rows import Person
from petitions.paper.imports.storage import ImportInterrupted, Storing
from petitions.paper.sheets.data_entry import DIGEST_BYTES, RejectedRow, row_digest, sealed_rows
from petitions.signing.confirming import erase

Row = Person | RejectedRow
COUNTED = "good"  # the batch's number of rows that count; those of remarks have the names of their outcomes


class SetAside(Exception):
    """A moderator has set the row's signature aside: it is theirs to decide about."""


@transaction.atomic
def compare(rekeying: Rekeying, row: Row, *, by: User) -> list[str]:
    """Record whether the row was typed the same again; return the names of what differs.

    What differed the first time and is now the same was right as typed first. Raises PermissionDenied for the first
    typist.
    """
    chosen = locked(rekeying, by)
    if chosen is None:
        return []
    differing = differences(chosen, row)
    fields: dict[str, object] = {"is_equal": False, "keyed_by": by}
    if not differing:
        fields = {"digest": None, "keyed_by": by}
        fields |= {"settlement": Settlement.FIRST} if chosen.is_equal is False else {"is_equal": True}
    Rekeying.objects.filter(pk=chosen.pk).update(**fields)
    return differing


def locked(rekeying: Rekeying, by: User) -> Rekeying | None:
    """Return the row if it is still open, until the transaction ends. Raises PermissionDenied."""
    if by.pk == rekeying.typed_by_id:
        raise PermissionDenied("the second typing needs a second person")
    return Rekeying.objects.open(rekeying.batch).filter(pk=rekeying.pk).select_for_update(of=("self",)).first()


def differences(chosen: Rekeying, row: Row) -> list[str]:
    """Return the names of what was typed differently; only "row" if the first typing is of an older release."""
    if isinstance(row, RejectedRow):
        return ["rejected"]
    first, again = bytes(chosen.digest or b""), row_digest(chosen.batch, row)
    if len(first) != len(again):
        return ["row"]
    starts = range(0, len(again), DIGEST_BYTES)
    pieces = [(first[start : start + DIGEST_BYTES], again[start : start + DIGEST_BYTES]) for start in starts]
    same = [secrets.compare_digest(*piece) for piece in pieces]
    return [name for name, is_same in zip(Person._fields, same, strict=True) if not is_same]


@transaction.atomic
def replace(rekeying: Rekeying, row: Row, *, by: User) -> bool:
    """Put the second typing in place of the first; return False if the row was settled meanwhile.

    Raises PermissionDenied for the first typist, SetAside, and ImportInterrupted if the batch is being taken back.
    """
    batch = PaperBatch.objects.for_work().select_for_update(of=("self",)).get(pk=rekeying.batch_id)
    if batch.state not in {BatchState.LOADING, BatchState.LOADED}:
        raise ImportInterrupted
    chosen = locked(rekeying, by)
    if chosen is None or chosen.is_equal is None:
        return False
    change = take_out(batch, chosen.row)
    change.update(put_in(batch, chosen.row, row))
    PaperBatch.objects.filter(pk=batch.pk).update(**{name: F(name) + number for name, number in change.items()})
    settlement = Settlement.STRUCK if isinstance(row, RejectedRow) else Settlement.CORRECTED
    Rekeying.objects.filter(pk=chosen.pk).update(settlement=settlement, digest=None, keyed_by=by)
    return True


def take_out(batch: PaperBatch, number: int) -> Counter[str]:
    """Take out what the row came to; return what that changes in the batch's numbers. Raises SetAside.

    A signature that its signer has withdrawn stays withdrawn, without the row.
    """
    change = Counter[str]()
    signature = Signature.objects.filter(batch=batch, batch_row=number).select_for_update().first()
    if signature is not None:
        if signature.state not in {State.CONFIRMED, State.WITHDRAWN}:
            raise SetAside
        change[COUNTED] -= 1
        if signature.state == State.WITHDRAWN:
            Signature.objects.filter(pk=signature.pk).update(batch=None, batch_row=None)
        else:
            erase(signature)
    for remark in PaperRemark.objects.filter(batch=batch, number=number):
        change[remark.outcome] -= 1
        remark.delete()
    return change


def put_in(batch: PaperBatch, number: int, row: Row) -> Counter[str]:
    """Store the row under its number on the sheet; return what that adds to the batch's numbers."""
    key = loading.key_of(batch.petition)
    chunk = sealed_rows(batch, [(number, row)], key.public_key)
    batch.lines_read = number - 1  # as when it was typed; not saved
    return Storing.into(batch, key).store_again(chunk)
