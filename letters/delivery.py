"""The outbox's handler for letters: one attempt of each, recorded before, during and after.

A letter that may have left is never sent again by itself: it becomes `unknown`, and staff decide.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial

from django.db import DatabaseError

from campaign.outbox.handlers import Done, Handler, Item, Outcome, Retry
from letters import attempts, pacing, telling
from letters.channels import Channels, NoChannel, make, open_channels
from letters.channels.base import (
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
from letters.models import Attempt, Delivery, Phase
from letters.models import Outcome as Result
from letters.states import State

logger = logging.getLogger(__name__)

LONGEST_IN_LINE = timedelta(hours=6)
MAY_HAVE_ARRIVED = "a channel that is no longer open may already have it"
OUT_OF_OFFICE = "the senator is no longer in office"
NO_CHANNEL = Retry("no channel that is allowed here reaches this office", after=timedelta(hours=1), is_spent=False)
# What an answer makes of the attempt and of the delivery; Later gives the letter back to the queue.
MEANS: dict[type[Answer], tuple[Result, State]] = {
    Accepted: (Result.ACCEPTED, State.ACCEPTED),
    NeedsConstituent: (Result.NEEDS_CONSTITUENT, State.NEEDS_CONSTITUENT),
    Rejected: (Result.REJECTED, State.REJECTED),
    Unknown: (Result.UNKNOWN, State.UNKNOWN),
    Failed: (Result.FAILED, State.DEAD),
    ForStaff: (Result.FOR_STAFF, State.READY),
    Later: (Result.LATER, State.READY),
    Unanswered: (Result.UNANSWERED, State.READY),
}


class DeliveryHandler(Handler):
    batch_size = 50
    max_attempts = 24  # about a day and a half

    def run(self, items: Sequence[Item]) -> Iterator[tuple[Item, Outcome]]:
        deliveries = Delivery.objects.with_letter().in_bulk([item.payload["delivery"] for item in items])
        with open_channels() as channels:
            known = [item for item in items if item.payload["delivery"] in deliveries]
            routes = {item.payload["delivery"]: route(item, deliveries, channels) for item in known}
            begun = attempts.begin([(deliveries[pk], way) for pk, way in routes.items() if isinstance(way, Channel)])
            for item in items:
                pk = item.payload["delivery"]
                way = routes.get(pk, Done())
                yield item, carry(deliveries[pk], way, begun.pop(pk, None)) if isinstance(way, Channel) else way

    def abandoned(self, item: Item) -> Outcome:
        delivery = Delivery.objects.filter(pk=item.payload["delivery"]).first()
        return after_loss(delivery) if delivery else Done()

    def exhausted(self, item: Item, reason: str) -> None:
        give_up(Delivery.objects.get(pk=item.payload["delivery"]), reason)


def route(item: Item, deliveries: Mapping[int, Delivery], channels: Channels) -> Channel | Outcome:
    """The channel this letter takes now, or what becomes of it without one."""
    delivery = deliveries[item.payload["delivery"]]
    if delivery.state == State.SENDING:
        return after_loss(delivery)
    if delivery.state == State.DEAD:  # what was given up runs again only by staff's word
        delivery.become(State.READY)
    if delivery.state != State.READY:
        return Done()
    if not delivery.letter.office.is_current:
        return Done(partial(delivery.hold, OUT_OF_OFFICE))
    try:
        channel = channels.of_letter(delivery)
    except NoChannel:
        return NO_CHANNEL
    if delivery.bound_to not in {"", channel.name}:
        return Done(partial(delivery.hold, MAY_HAVE_ARRIVED))
    return wait_in_line(item, delivery, channel) if channel.is_paced and not pacing.is_fresh(delivery) else channel


def wait_in_line(item: Item, delivery: Delivery, channel: Channel) -> Outcome:
    """Until the clock lets it go; should the clock have stopped, the letter asks again after some hours."""
    stand = partial(delivery.stand_in_line, channel.name, item.pk)
    return Retry("waits for its turn", after=LONGEST_IN_LINE, is_spent=False, record=stand)


def carry(delivery: Delivery, channel: Channel, attempt: Attempt | None) -> Outcome:
    """One attempt; without one, the letter was taken back this moment."""
    if attempt is None:
        return Done()
    try:
        answer = answer_of(delivery, channel, attempt)
    except attempts.Superseded:
        return Retry("another worker has this letter", is_spent=False)
    return outcome_of(answer, delivery, attempt)


def answer_of(delivery: Delivery, channel: Channel, attempt: Attempt) -> Answer:
    """What the channel says; if it breaks instead, what that says."""
    try:
        message = delivery.letter.message
        if message.sha256 != delivery.message_sha256:
            return Failed("the text is not the one that was confirmed")
        return channel.deliver(delivery, message, partial(attempts.hand_over, attempt))
    except (DatabaseError, attempts.Superseded):
        raise
    except Exception as error:
        logger.exception("channel %s failed", channel.name)
        is_out = attempt.phase == Phase.HANDING_OVER and not channel.is_repeatable
        return Unknown(repr(error)) if is_out else Later(repr(error))


def outcome_of(answer: Answer, delivery: Delivery, attempt: Attempt) -> Outcome:
    write = partial(record, answer, delivery, attempt)
    if isinstance(answer, Unanswered):
        return Retry("tried, without an answer", record=write)
    if isinstance(answer, Later):
        return Retry("tried, and to be tried again", after=answer.after, is_spent=answer.is_spent, record=write)
    return Done(write)


def record(answer: Answer, delivery: Delivery, attempt: Attempt) -> None:
    result, state = MEANS[type(answer)]
    attempts.close(attempt, result, answer.detail)
    is_bound = isinstance(answer, Unanswered) or (isinstance(answer, Later) and answer.is_bound)
    delivery.become(state, bound_to=attempt.channel if is_bound else delivery.bound_to)
    if isinstance(answer, ForStaff):
        delivery.hold(answer.detail)
    if isinstance(answer, Accepted) and answer.record:
        answer.record()
    if state in {State.NEEDS_CONSTITUENT, State.DEAD}:
        telling.ask_for_hand_with(delivery)


def after_loss(delivery: Delivery) -> Outcome:
    """The worker is gone that had this letter: what its attempt says about where the letter is."""
    attempt = Attempt.objects.open().filter(delivery=delivery).first()
    if attempt is None:
        return Retry("the worker stopped before the letter's turn")
    if attempt.phase == Phase.COMPOSING or make(attempt.channel).is_repeatable:
        return Retry("the worker stopped while sending", record=partial(give_back, delivery, attempt))
    return outcome_of(Unknown("the worker stopped after handing over had begun"), delivery, attempt)


def give_back(delivery: Delivery, attempt: Attempt) -> None:
    attempts.close(attempt, Result.ABANDONED)
    delivery.become(State.READY)


def give_up(delivery: Delivery, reason: str) -> None:
    """After the last try: dead, unless the letter may have arrived."""
    last = Attempt.objects.filter(delivery=delivery).last()
    if last and last.phase != Phase.ANSWERED:
        attempts.close(last, Result.FAILED, reason)
    is_unclear = last and (last.phase == Phase.HANDING_OVER or last.outcome == Result.UNANSWERED)
    delivery.become(State.UNKNOWN if is_unclear else State.DEAD)
    if delivery.state == State.DEAD:
        telling.ask_for_hand_with(delivery)
