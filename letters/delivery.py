"""The outbox's handler for letters: one attempt of each, recorded before, during and after.

A letter that may have left is never sent again by itself: it becomes `unknown`, and staff decide.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial

from django.db import DatabaseError

from campaign.outbox.handlers import Done, Handler, Item, Outcome, Retry
from letters import attempts
from letters.channels import Channels, NoChannel, make, open_channels
from letters.channels.base import Accepted, Answer, Channel, Failed, Later, NeedsConstituent, Rejected, Unknown
from letters.models import Attempt, Delivery, Phase
from letters.models import Outcome as Result
from letters.states import State

logger = logging.getLogger(__name__)

OUT_OF_OFFICE = "the senator is no longer in office"
NO_CHANNEL = Retry("no channel that is allowed here reaches this office", after=timedelta(hours=1), is_spent=False)
# What an answer makes of the attempt and of the delivery; Later gives the letter back to the queue.
MEANS: dict[type[Answer], tuple[Result, State]] = {
    Accepted: (Result.ACCEPTED, State.ACCEPTED),
    NeedsConstituent: (Result.NEEDS_CONSTITUENT, State.NEEDS_CONSTITUENT),
    Rejected: (Result.REJECTED, State.REJECTED),
    Unknown: (Result.UNKNOWN, State.UNKNOWN),
    Failed: (Result.FAILED, State.DEAD),
    Later: (Result.LATER, State.READY),
}


class DeliveryHandler(Handler):
    batch_size = 50
    max_attempts = 24  # about a day and a half

    def run(self, items: Sequence[Item]) -> Iterator[tuple[Item, Outcome]]:
        deliveries = Delivery.objects.with_letter().in_bulk([item.payload["delivery"] for item in items])
        with open_channels() as channels:
            routes = {pk: route(delivery, channels) for pk, delivery in deliveries.items()}
            begun = attempts.begin([(deliveries[pk], way) for pk, way in routes.items() if isinstance(way, Channel)])
            for item in items:
                pk = item.payload["delivery"]
                way = routes.get(pk, Done())
                yield item, carry(deliveries[pk], way, begun.get(pk)) if isinstance(way, Channel) else way

    def abandoned(self, item: Item) -> Outcome:
        delivery = Delivery.objects.filter(pk=item.payload["delivery"]).first()
        return after_loss(delivery) if delivery else Done()

    def exhausted(self, item: Item, reason: str) -> None:
        give_up(Delivery.objects.get(pk=item.payload["delivery"]), reason)


def route(delivery: Delivery, channels: Channels) -> Channel | Outcome:
    """The channel this letter takes, or what becomes of it without one."""
    if delivery.state == State.SENDING:
        return after_loss(delivery)
    if delivery.state == State.DEAD:  # what was given up runs again only by staff's word
        delivery.become(State.READY)
    if delivery.state != State.READY:
        return Done()
    if not delivery.letter.office.is_current:
        return Done(partial(delivery.hold, OUT_OF_OFFICE))
    try:
        return channels.of(delivery.letter.office)
    except NoChannel:
        return NO_CHANNEL


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
    if isinstance(answer, Later):
        return Retry("tried, and to be tried again", after=answer.after, is_spent=answer.is_spent, record=write)
    return Done(write)


def record(answer: Answer, delivery: Delivery, attempt: Attempt) -> None:
    result, state = MEANS[type(answer)]
    attempts.close(attempt, result, answer.detail)
    delivery.become(state)
    if isinstance(answer, Accepted) and answer.record:
        answer.record()


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
    attempt = Attempt.objects.open().filter(delivery=delivery).first()
    if attempt:
        attempts.close(attempt, Result.FAILED, reason)
    delivery.become(State.UNKNOWN if attempt and attempt.phase == Phase.HANDING_OVER else State.DEAD)
