"""What moderators decide about signatures: release, invalidate, validate. The count follows at once.

Each returns the numbers of those that it changed, by which the two that take a decision back find them again.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby

from django.db import transaction

from campaign.journal import journal
from campaign.outbox import queue
from petitions.counting import events
from petitions.models import Signature, State
from petitions.models.signature import LIVING, HoldReason, SignatureQuerySet
from petitions.moderation import audit
from petitions.public import comments
from petitions.signing.sign import FOLLOW_UPS

FACTS = ["pk", "petition", "state", "country", "channel", "confirmed_on", "hold_reason", "fingerprint"]
MOST_AT_ONCE = 1000  # decided by one press of a button


def locked(chosen: SignatureQuerySet, limit: int) -> list[Signature]:
    """The first of `chosen`, without what is sealed; nobody else changes them in this transaction."""
    return list(chosen.select_for_update(of=("self",)).only(*FACTS).order_by("pk")[:limit])


def move(signatures: Sequence[Signature], to: State, **fields: object) -> None:
    """Change all to one state; the caller has locked them. Raises ForbiddenChange."""
    counted = [signature for signature in signatures if signature.state == State.CONFIRMED]
    queue.forget(FOLLOW_UPS, [signature.pk for signature in signatures if signature.state == State.PENDING])
    for signature in signatures:
        signature.change_to(to)
    Signature.objects.filter(pk__in=[signature.pk for signature in signatures]).update(state=to, **fields)
    events.note_all(counted, -1)
    if to == State.INVALIDATED:
        comments.remove_comments(signatures)
    if to == State.HELD:
        comments.review_again(signatures)
    if to == State.CONFIRMED:
        events.note_all(signatures, +1)


@transaction.atomic
def release(ids: Iterable[int], *, by: str) -> list[int]:
    """Count what was held."""
    held = locked(Signature.objects.held().filter(pk__in=ids), MOST_AT_ONCE)
    move(held, State.CONFIRMED, hold_reason="")
    return noted("signatures.released", held, by=by)


@transaction.atomic
def invalidate(ids: Iterable[int], *, by: str) -> list[int]:
    chosen = locked(Signature.objects.filter(pk__in=ids, state__in=LIVING), MOST_AT_ONCE)
    move(chosen, State.INVALIDATED)
    record(chosen)
    return noted("signatures.invalidated", chosen, by=by)


@transaction.atomic
def restore_valid(ids: Iterable[int], *, by: str) -> list[int]:
    """Count what was invalidated, if its signer had confirmed it."""
    chosen = Signature.objects.invalidated().filter(pk__in=ids, confirmed_on__isnull=False)
    signatures = locked(chosen, MOST_AT_ONCE)
    move(signatures, State.CONFIRMED, hold_reason="", decision=None)
    record(signatures)
    return noted("signatures.validated", signatures, by=by)


@transaction.atomic
def hold_again(ids: Iterable[int], *, by: str) -> list[int]:
    """Take a release back."""
    counted = locked(Signature.objects.confirmed().filter(pk__in=ids), MOST_AT_ONCE)
    move(counted, State.HELD, hold_reason=HoldReason.RETURNED, decision=None)
    return noted("signatures.held-again", counted, by=by)


@transaction.atomic
def take_back_invalidation(ids: Iterable[int], *, by: str) -> list[int]:
    """Give each signature the state that it had."""
    chosen = locked(Signature.objects.invalidated().filter(pk__in=ids), MOST_AT_ONCE)
    give_back(chosen)
    record(chosen)
    return noted("signatures.given-back", chosen, by=by)


def give_back(invalidated: Sequence[Signature]) -> None:
    for state, group in groupby(sorted(invalidated, key=former), key=former):
        move(list(group), state, decision=None)


def noted(act: str, signatures: Sequence[Signature], *, by: str) -> list[int]:
    audit.note(act, signatures, by=by)
    return [signature.pk for signature in signatures]


def record(signatures: Sequence[Signature]) -> None:
    """Have their states outlive a restored backup: a moderator may have decided so at the signer's own wish."""
    journal.record_many("signature", ({"id": one.pk, "mark": one.mark, "state": one.state} for one in signatures))


def former(signature: Signature) -> State:
    """What an invalidated signature was before."""
    if signature.confirmed_on is None:
        return State.PENDING
    return State.HELD if signature.hold_reason else State.CONFIRMED


def can_become_valid(signature: Signature) -> bool:
    return signature.state == State.INVALIDATED and signature.confirmed_on is not None
