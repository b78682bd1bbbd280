"""Apply to a restored database what the journal tells of letters and of constituents who were erased.

A letter gets the state of its last line. Of one that was being handed over, and of which no line says how that ended,
nobody knows whether it arrived: it is `unknown`. One that was accepted is accepted, since a line says so only after the
receiving system did. A letter without a line has not begun to leave, and goes out once staff let work go on.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models.functions import Coalesce, Now

from campaign.journal.files import JournalLine
from campaign.journal.replay import Replayed
from letters.delivery import dispatch
from letters.models import Attempt, ChannelName, Constituent, Delivery, Letter, Outcome, Phase
from letters.models.deliveries import TO_BE_PRINTED
from letters.models.delivery_states import State
from letters.submission import retention

BECOMES: dict[str, str] = {Phase.HANDING_OVER: State.UNKNOWN}  # all other lines say the state itself
REPLAYED_OUTCOMES = {
    State.ACCEPTED: Outcome.ACCEPTED,
    State.REJECTED: Outcome.REJECTED,
    State.UNKNOWN: Outcome.UNKNOWN,
    State.NEEDS_CONSTITUENT: Outcome.NEEDS_CONSTITUENT,
    State.DEAD: Outcome.FAILED,
}
DETAIL = "so the journal says, which is newer than the backup that was restored"
PRINTED = "printed"
IN_WORDS: dict[str, str] = {
    State.ACCEPTED: "letters that were accepted",
    State.REJECTED: "letters that were refused",
    State.UNKNOWN: "letters that may have arrived",
    State.NEEDS_CONSTITUENT: "letters that their constituents send themselves",
    State.DEAD: "letters that were given up",
    State.WITHDRAWN: "letters that were taken back",
    PRINTED: "letters that were printed",
}


def settle_again(lines: Sequence[JournalLine]) -> Replayed:
    """Give the letters the states that they had, whatever they are now: this is no change, but what was true before."""
    last = {line["delivery"]: line for line in lines}
    confirm_again(Delivery.objects.filter(delivery_id__in=last, state=State.UNCONFIRMED).values("letter__constituent"))
    there = list(Delivery.objects.filter(delivery_id__in=last).select_for_update().order_by("pk"))
    done = Counter[str]()
    for delivery in there:
        line = last[delivery.delivery_id]
        said: str = line["state"]
        state = BECOMES.get(said, said)
        if settle(delivery, state, line):
            done[IN_WORDS[state]] += 1
    lost = Counter({"letters that went their way": len(last) - len(there)})
    return Replayed(done, +lost)


def settle(delivery: Delivery, state: str, line: JournalLine) -> bool:
    """Return whether there was anything to change."""
    if state == PRINTED:
        return put_printed(delivery)
    if state == State.READY or state == delivery.state:
        return False
    if outcome := REPLAYED_OUTCOMES.get(State(state)):
        close_attempt(delivery, outcome, line["channel"])
    has_left = bool(line.get("has_senator_left"))
    channel = line.get("channel") or delivery.channel
    put_again(delivery, state=state, channel=channel, held_because="", has_senator_left=has_left)
    if state == State.WITHDRAWN:
        Letter.objects.filter(pk=delivery.letter_id, withdrawn_at=None).update(withdrawn_at=Now())
    return True


def put_printed(delivery: Delivery) -> bool:
    was_posted = (
        delivery.state == State.ACCEPTED and delivery.channel == ChannelName.PRINT
    )  # staff took that back since
    if not was_posted and (delivery.state != State.READY or delivery.printed_at):
        return False
    put_again(delivery, state=State.READY, held_because=TO_BE_PRINTED, printed_at=Now())
    return True


def put_again(delivery: Delivery, **values: Any) -> None:
    """Nobody carries it any more: what the backup says of a worker that had begun is long over."""
    same: Mapping[str, Any] = {"queued_for": "", "released_at": None, "changed_at": Now()}
    ready_at = Coalesce("ready_at", Now())
    Delivery.objects.filter(pk=delivery.pk).update(**same, **values, ready_at=ready_at)
    dispatch.call_off([delivery.pk], with_begun=True)


def close_attempt(delivery: Delivery, outcome: Outcome, channel: str) -> None:
    """Have the admin show why the letter is what it is."""
    ended = {"phase": Phase.ANSWERED, "outcome": outcome, "detail": DETAIL, "answered_at": Now()}
    if not Attempt.objects.open().filter(delivery=delivery).update(**ended):
        number = delivery.attempts_made + 1
        Attempt.objects.create(delivery=delivery, number=number, channel=channel, **ended)
        Delivery.objects.filter(pk=delivery.pk).update(attempts_made=number)


def confirm_again(constituents: Any) -> None:
    """Of somebody's letters one has gone its way: they had confirmed all of them."""
    ids = list(Constituent.objects.filter(pk__in=constituents).select_for_update().values_list("pk", flat=True))
    Constituent.objects.filter(pk__in=ids, confirmed_at=None).update(confirmed_at=Now())
    for delivery in Delivery.objects.filter(letter__constituent__in=ids, state=State.UNCONFIRMED):
        delivery.become(State.READY, ready_at=Now())
        dispatch.send(delivery)


def erase_again(lines: Sequence[JournalLine]) -> Replayed:
    marks = {line["id"]: line["mark"] for line in lines}
    there = Constituent.objects.filter(pk__in=marks, private__isnull=False).select_for_update().order_by("pk")
    erased = [constituent for constituent in there if constituent.mark == marks[constituent.pk]]
    for constituent in erased:
        retention.erase(constituent)
    return Replayed(+Counter({"constituents erased": len(erased)}))
