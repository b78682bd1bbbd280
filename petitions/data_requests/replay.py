"""Apply to a restored database what the journal tells of those who withdrew, were erased or were judged one by one, and
of what is not shown of signers any more.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress

from campaign.database import clock
from campaign.journal.files import JournalLine
from campaign.journal.replay import Replayed
from petitions.data_requests.self_service import withdraw
from petitions.models import Signature, State, Voice
from petitions.models.signature import ForbiddenChange
from petitions.moderation.decisions import give_back, move
from petitions.public import comments
from petitions.signing.confirming import erase


def valid_again(signature: Signature) -> None:
    """Give it the state from before it was invalidated, if the backup has it so."""
    give_back([signature] if signature.state == State.INVALIDATED else [])


def confirmed_again(signature: Signature) -> None:
    """Count it, with today as the day where the backup is older than its confirmation."""
    signature.confirmed_on = signature.confirmed_on or clock.now().date()
    known = {"confirmed_on": signature.confirmed_on, "token_expires_at": None}
    move([signature], State.CONFIRMED, hold_reason="", **known)


REPLAYED_ACTS: dict[str, tuple[str, Callable[[Signature], None]]] = {
    "erased": ("signatures erased", erase),
    State.WITHDRAWN: ("signatures withdrawn", withdraw),
    State.INVALIDATED: ("signatures invalidated", lambda signature: move([signature], State.INVALIDATED)),
    State.CONFIRMED: ("signatures validated", confirmed_again),
    State.HELD: ("invalidations taken back", valid_again),
    State.PENDING: ("invalidations taken back", valid_again),
}


def leave_again(lines: Sequence[JournalLine]) -> Replayed:
    """Give each signature the state of its last line; the count follows.

    What the table of states forbids by now, such as to invalidate what was withdrawn before the backup, is left out.
    """
    last = {line["id"]: line for line in lines}
    done = Counter[str]()
    for signature in Signature.objects.filter(pk__in=last).select_for_update().order_by("pk"):
        line = last[signature.pk]
        words, act = REPLAYED_ACTS[line["state"]]
        if line["mark"] == signature.mark and line["state"] != signature.state:
            with suppress(ForbiddenChange):
                act(signature)
                done[words] += 1
    return Replayed(done)


def silence_again(lines: Sequence[JournalLine]) -> Replayed:
    """Show nothing more of signers who took it back, or whose words a moderator refused."""
    marks = {line["id"]: line["mark"] for line in lines}
    heard = Voice.objects.filter(signature__in=marks).select_related("signature")
    silent = [voice.signature for voice in heard if voice.signature.mark == marks[voice.signature.pk]]
    comments.remove_comments(silent)
    return Replayed(+Counter({"reasons of signers that are not shown any more": len(silent)}))
