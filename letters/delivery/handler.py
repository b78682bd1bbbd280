"""The outbox's handler for letters: one attempt of each, recorded before, during and after (attempts.py)."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db import DatabaseError, connection, transaction

from campaign.database import outages
from campaign.journal.journal import Unwritable
from campaign.outbox import claims, queue
from campaign.outbox.handlers import (
    OVERTAKEN,
    SHORTAGE,
    Done,
    Handler,
    Item,
    Outcome,
    Result,
    Retry,
    Together,
)
from campaign.outbox.rehearsals import AFTER_REHEARSAL
from letters.delivery import attempts, changeover, dispatch, outcomes, rate_limit
from letters.delivery.channels import Channels, NoChannel, open_channels
from letters.delivery.channels.base import Accepted, Answer, Channel, Failed, Later, Unknown
from letters.delivery.outcomes import Try
from letters.models import ChannelName, Delivery, Phase
from letters.models.delivery_states import State

logger = logging.getLogger(__name__)

Route = tuple[Item, Channel]
LONGEST_IN_LINE = timedelta(hours=6)
MAY_HAVE_ARRIVED = "a channel that is no longer open may already have it"
NO_CHANNEL = Retry("no channel that is allowed here reaches this office", after=timedelta(hours=1), is_spent=False)

UNWRITABLE = "the journal of what is handed over cannot be written"
CHANNEL_RESTS = Retry("the channel is paused, or rests", after=timedelta(minutes=5), is_spent=False)


class DeliveryHandler(Handler):
    batch_size = 50
    max_attempts = 24  # up to a day

    def run(self, items: Sequence[Item]) -> Iterator[Result]:
        deliveries = Delivery.objects.with_letter().in_bulk([item.payload["delivery"] for item in items])
        with open_channels() as channels:
            routes, others, local = set_out(items, deliveries, channels)
            yield from others
            yield from settled_at_once(local)
            for item, channel in routes:
                yield item, send_one(item, deliveries[item.payload["delivery"]], channel)

    def abandoned(self, item: Item) -> Outcome:
        delivery = Delivery.objects.filter(pk=item.payload["delivery"]).first()
        return outcomes.after_loss(delivery) if delivery else Done()

    def exhausted(self, item: Item, reason: str) -> None:
        outcomes.give_up(Delivery.objects.get(pk=item.payload["delivery"]), reason)


class InTurnHandler(DeliveryHandler):
    """Letters whose moment has come. They go out one after another, so a batch holds few, and before any crowd."""

    batch_size = 5
    priority = 0


@transaction.atomic
def set_out(
    items: Sequence[Item], deliveries: Mapping[int, Delivery], channels: Channels
) -> tuple[list[Route], list[tuple[Item, Outcome]], list[Try]]:
    """Return those that go out one by one, the others with what becomes of them, and an attempt of each that goes
    nowhere but into the database, which take no time.

    What has passed to another worker has neither: the letter is that worker's.
    """
    wait_for_no_disk()
    held = claims.hold(items)
    ways = [(item, way_of(item, deliveries, channels) if item in held else OVERTAKEN) for item in items]
    routes = [(item, way) for item, way in ways if isinstance(way, Channel)]
    others = [(item, way) for item, way in ways if not isinstance(way, Channel)]
    tries = begin([(item, channel) for item, channel in routes if channel.is_local], deliveries)
    begun = {one.item.pk for one in tries}
    others += [(item, Done()) for item, channel in routes if channel.is_local and item.pk not in begun]  # taken back
    return [(item, channel) for item, channel in routes if not channel.is_local], others, tries


def wait_for_no_disk() -> None:
    """What this transaction writes is on the disk before anything is handed over or settled, whose own commit waits."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO off")


def send_one(item: Item, delivery: Delivery, channel: Channel) -> Outcome:
    """Send one letter. It is being sent from this moment on and not before, however many went before it."""
    with transaction.atomic():
        wait_for_no_disk()
        if not claims.hold([item]):
            return OVERTAKEN
        tries = begin([(item, channel)], {delivery.pk: delivery})
    return carry(tries[0]) if tries else Done()  # taken back meanwhile


def way_of(item: Item, deliveries: Mapping[int, Delivery], channels: Channels) -> Channel | Outcome:
    """The channel this letter takes now, or what becomes of it without one."""
    delivery = deliveries.get(item.payload["delivery"])
    if delivery is None:
        return Done()
    if delivery.state == State.SENDING:
        return outcomes.after_loss(delivery)
    if delivery.state == State.DEAD:  # what was given up runs again only by staff's word
        delivery.become(State.READY)
    if delivery.state != State.READY or delivery.held_because:
        return Done()
    if delivery.letter.is_erased:
        return Done(partial(delivery.become, State.WITHDRAWN))
    if not delivery.letter.office.is_current:
        return Done(partial(changeover.settle, delivery))
    return channel_for(item, delivery, channels)


def channel_for(item: Item, delivery: Delivery, channels: Channels) -> Channel | Outcome:
    if channels.rehearsed_since:
        return rehearsal_of(delivery, channels, channels.rehearsed_since)
    try:
        channel = channels.of_letter(delivery)
    except NoChannel:
        return NO_CHANNEL
    if delivery.bound_to not in {"", channel.name}:
        return Done(partial(delivery.hold, MAY_HAVE_ARRIVED))
    if channel.rate is None:
        return CHANNEL_RESTS if channel.name in channels.closed else channel
    if not rate_limit.is_let_go(delivery, channel.name):
        return wait_in_line(item, delivery, channel)
    apart = timedelta(seconds=1 / channel.rate)
    return (
        channel if rate_limit.take_turn(channel.name, apart) else Retry("others go first", after=apart, is_spent=False)
    )


def rehearsal_of(delivery: Delivery, channels: Channels, since: datetime) -> Channel | Outcome:
    """The sandbox, for a letter that was confirmed in the rehearsal; others reach their offices after it."""
    is_older = delivery.ready_at is None or delivery.ready_at < since
    return AFTER_REHEARSAL if is_older else channels.get(ChannelName.SANDBOX)


def wait_in_line(item: Item, delivery: Delivery, channel: Channel) -> Outcome:
    """Until the clock lets it go; should the clock have stopped, the letter asks again after some hours."""
    stand = partial(stand_in_line, item, delivery, channel)
    return Retry("waits for its turn", after=LONGEST_IN_LINE, is_spent=False, record=stand)


def stand_in_line(item: Item, delivery: Delivery, channel: Channel) -> None:
    """From now on work of a kind of its own, which waits behind no other channel's letters."""
    delivery.stand_in_line(channel.name)
    queue.change_kind(item, dispatch.IN_TURN)


def begin(routes: Sequence[Route], deliveries: Mapping[int, Delivery]) -> list[Try]:
    """An attempt of each that is still ready; each letter once."""
    by_delivery = {item.payload["delivery"]: (item, channel) for item, channel in routes}
    begun = attempts.begin([(deliveries[pk], channel) for pk, (_item, channel) in by_delivery.items()])
    return [Try(item, deliveries[pk], channel, begun[pk]) for pk, (item, channel) in by_delivery.items() if pk in begun]


def settled_at_once(tries: Sequence[Try]) -> Iterator[Result]:
    """Where nothing leaves, a whole batch is settled in one transaction."""
    answers = [(one, answer_of(one)) for one in tries]
    if taken := [one for one, answer in answers if isinstance(answer, Accepted)]:
        yield Together([one.item for one in taken], partial(outcomes.record_taken, taken))
    for one, answer in answers:
        if not isinstance(answer, Accepted):
            yield one.item, outcomes.outcome_of(answer, one)


def carry(one: Try) -> Outcome:
    try:
        return outcomes.outcome_of(answer_of(one), one)
    except attempts.Superseded:
        return Retry("another worker has this letter", is_spent=False)


def answer_of(one: Try) -> Answer:
    """What the channel says; if it breaks instead, what that says."""
    try:
        message = one.delivery.letter.message
        if message.sha256 != one.delivery.message_sha256:
            return Failed("the text is not the one that was confirmed")
        return one.channel.deliver(one.delivery, message, partial(attempts.hand_over, one.attempt))
    except (DatabaseError, attempts.Superseded):
        raise
    except (Unwritable, attempts.InRehearsal, attempts.SenatorLeft) as error:
        one.channel.close()  # what stands half said on its connection is not the next letter's
        reason = UNWRITABLE if isinstance(error, Unwritable) else str(error)
        return Later(str(error), reason=reason, is_spent=False)
    except Exception as error:
        logger.exception("channel %s failed", one.channel.name)
        is_out = one.attempt.phase == Phase.HANDING_OVER and not one.channel.is_repeatable
        kind = type(error).__name__  # its words, which may hold what the constituent wrote, stand in the log, scrubbed
        if is_out:
            return Unknown(kind)
        trouble = outages.trouble_in_words(error)
        return Later(kind, reason=f"{SHORTAGE}: {trouble}", is_spent=False) if trouble else Later(kind)
