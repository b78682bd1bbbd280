"""What an answer, or a worker that never came back, makes of a letter.

A letter that may have left is never sent again by itself: it becomes `unknown`, and staff decide.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from campaign.outbox.handlers import Done, Item, Outcome, Retry
from letters.delivery import attempts, notifications
from letters.delivery.attempts import Ending
from letters.delivery.channels import make_channel
from letters.delivery.channels.base import (
    Accepted,
    Answer,
    Channel,
    Failed,
    ForStaff,
    Later,
    NeedsConstituent,
    Rejected,
    Unanswered,
    Unknown,
)
from letters.delivery.returned_mail import returns
from letters.models import Attempt, Delivery, Phase
from letters.models import Outcome as Result
from letters.models.delivery_states import State

# What an answer makes of the attempt and of the delivery; Later gives the letter back to the queue.
OUTCOME_AND_STATE: dict[type[Answer], tuple[Result, State]] = {
    Accepted: (Result.ACCEPTED, State.ACCEPTED),
    NeedsConstituent: (Result.NEEDS_CONSTITUENT, State.NEEDS_CONSTITUENT),
    Rejected: (Result.REJECTED, State.REJECTED),
    Unknown: (Result.UNKNOWN, State.UNKNOWN),
    Failed: (Result.FAILED, State.DEAD),
    ForStaff: (Result.FOR_STAFF, State.READY),
    Later: (Result.LATER, State.READY),
    Unanswered: (Result.UNANSWERED, State.READY),
}


@dataclass(frozen=True)
class Try:
    """One attempt under way."""

    item: Item
    delivery: Delivery
    channel: Channel
    attempt: Attempt


def outcome_of(answer: Answer, one: Try) -> Outcome:
    """What to tell the outbox, with what to record."""
    write = partial(record, answer, one)
    if isinstance(answer, Unanswered):
        return Retry("tried, without an answer", record=write)
    if isinstance(answer, Later):
        return Retry(answer.reason, after=answer.after, is_spent=answer.is_spent, record=write)
    return Done(write)


def record(answer: Answer, one: Try) -> None:
    ending = ending_of(answer, one.delivery, one.attempt)
    attempts.end([ending])
    if isinstance(answer, Accepted):
        one.channel.keep([(one.delivery, one.delivery.letter.message)])
    if isinstance(answer, ForStaff):
        one.delivery.hold(answer.detail)
    if isinstance(answer, Rejected):
        returns.go_on(one.delivery, is_address_dead=answer.is_address_dead, reason=answer.detail)
    if ending.state in {State.NEEDS_CONSTITUENT, State.DEAD}:
        notifications.ask_for_hand(one.delivery)


def record_taken(taken: Sequence[Try], held: Sequence[Item]) -> None:
    """All that a channel accepted in a batch, as far as their items are still `held`."""
    ids = {item.pk for item in held}
    mine = [one for one in taken if one.item.pk in ids]
    attempts.end([ending_of(Accepted(), one.delivery, one.attempt) for one in mine])
    for channel in {one.channel for one in mine}:
        channel.keep([(one.delivery, one.delivery.letter.message) for one in mine if one.channel == channel])


def ending_of(answer: Answer, delivery: Delivery, attempt: Attempt) -> Ending:
    result, state = OUTCOME_AND_STATE[type(answer)]
    is_bound = isinstance(answer, Unanswered) or (isinstance(answer, Later) and answer.is_bound)
    bound_to = attempt.channel if is_bound else delivery.bound_to
    return Ending(attempt, delivery, result, state, answer.detail, bound_to)


def after_loss(delivery: Delivery) -> Outcome:
    """The worker is gone that had this letter: what its attempt says about where the letter is."""
    attempt = Attempt.objects.open().filter(delivery=delivery).first()
    if attempt is None:
        return Retry("the worker stopped before the letter's turn")
    if attempt.phase == Phase.COMPOSING or make_channel(attempt.channel).is_repeatable:
        given_back = Ending(attempt, delivery, Result.ABANDONED, State.READY, bound_to=bound_by(delivery, attempt))
        return Retry("the worker stopped while sending", record=partial(attempts.end, [given_back]))
    unknown = Unknown("the worker stopped after handing over had begun")
    return Done(partial(attempts.end, [ending_of(unknown, delivery, attempt)]))


def bound_by(delivery: Delivery, attempt: Attempt) -> str:
    """The only channel that may have it next, if the lost attempt had handed it over."""
    return attempt.channel if attempt.phase == Phase.HANDING_OVER else delivery.bound_to


def give_up(delivery: Delivery, reason: str) -> None:
    """After the last try: dead, unless the letter may have arrived."""
    made = Attempt.objects.filter(delivery=delivery)
    state = State.UNKNOWN if made.perhaps_arrived().exists() else State.DEAD
    last = made.last()
    if last and last.phase != Phase.ANSWERED:
        attempts.end([Ending(last, delivery, Result.FAILED, state, reason)])
    else:
        delivery.become(state)
    if state == State.DEAD:
        notifications.ask_for_hand(delivery)
