"""What moderators decide about signatures: release, invalidate, validate. The count follows at once."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from campaign.journal import journal
from campaign.outbox import queue
from petitions.counting import events
from petitions.models import Signature, State
from petitions.models.signature import LIVING, SignatureQuerySet
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
def release(ids: Iterable[int], *, by: str) -> int:
    """Count what was held; how many."""
    held = locked(Signature.objects.held().filter(pk__in=ids), MOST_AT_ONCE)
    move(held, State.CONFIRMED, hold_reason="")
    return audit.note("signatures.released", held, by=by)


@transaction.atomic
def invalidate(ids: Iterable[int], *, by: str) -> int:
    chosen = locked(Signature.objects.filter(pk__in=ids, state__in=LIVING), MOST_AT_ONCE)
    move(chosen, State.INVALIDATED)
    record(chosen)
    return audit.note("signatures.invalidated", chosen, by=by)


@transaction.atomic
def restore_valid(ids: Iterable[int], *, by: str) -> int:
    """Count what was invalidated, if its signer had confirmed it."""
    chosen = Signature.objects.invalidated().filter(pk__in=ids, confirmed_on__isnull=False)
    signatures = locked(chosen, MOST_AT_ONCE)
    move(signatures, State.CONFIRMED, hold_reason="", decision=None)
    record(signatures)
    return audit.note("signatures.validated", signatures, by=by)


def record(signatures: Sequence[Signature]) -> None:
    """Have their states outlive a restored backup: a moderator may have decided so at the signer's own wish."""
    journal.record_many("signature", ({"id": one.pk, "mark": one.mark, "state": one.state} for one in signatures))


def former(signature: Signature) -> State:
    """What an invalidated signature was before."""
    if signature.confirmed_on is None:
        return State.PENDING
    return State.HELD if signature.hold_reason else State.CONFIRMED
