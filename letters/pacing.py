"""Letting letters go at the rate that a channel permits, over all workers together, and fairly among offices.

A letter for a paced channel waits in line (`Delivery.queued_for`). The clock calls `release` about once a second: it
reckons how many may go, takes the first of each office in turn, and makes their outbox items due. A worker sends only
what was let go just now; what it finds too late goes back into the line.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from campaign.outbox.models import Item
from letters.models import ChannelStatus, Delivery

MOST_REROUTED = 500  # at one tick
MOST_SAVED = 2.0  # seconds' worth of letters that a late clock may make up for
FRESH = timedelta(seconds=20)  # for which a release holds

EARN = """
    UPDATE letters_channelstatus
    SET credit = least(credit + extract(epoch FROM clock_timestamp() - counted_at) * %(rate)s, %(most)s),
        counted_at = clock_timestamp()
    WHERE name = %(name)s AND paused_because = '' AND (quiet_until IS NULL OR quiet_until < clock_timestamp())
    RETURNING floor(credit)::int
"""
SPEND = "UPDATE letters_channelstatus SET credit = credit - %s WHERE name = %s"
FIRST_IN_LINE = """
    SELECT id, queued_item FROM (
        SELECT d.id, d.queued_item, row_number() OVER (PARTITION BY l.office_id ORDER BY d.ready_at, d.id) AS place
        FROM letters_delivery d JOIN letters_letter l ON l.id = d.letter_id
        WHERE d.queued_for = %s AND d.state = 'ready'
    ) line
    WHERE place <= %s ORDER BY place, id LIMIT %s
"""


@transaction.atomic
def release(name: str, *, rate: float, office_rate: float) -> int:
    """Let go what may go now; how many. `rate`: letters a second in all, `office_rate`: to one office."""
    ChannelStatus.objects.of(name)
    with connection.cursor() as cursor:
        cursor.execute(EARN, {"name": name, "rate": rate, "most": max(rate * MOST_SAVED, 1)})
        earned = cursor.fetchone()
        if not earned or not earned[0]:
            return 0
        cursor.execute(FIRST_IN_LINE, [name, max(round(office_rate), 1), earned[0]])
        rows = cursor.fetchall()
        cursor.execute(SPEND, [len(rows), name])
    let_go(rows)
    return len(rows)


def reroute(name: str, offices: Iterable[int]) -> int:
    """Let go at once, and by another way, what waits in line for these offices, which the channel no longer reaches."""
    waiting = Delivery.objects.in_line(name).filter(letter__office__in=offices)
    rows = list(waiting.values_list("pk", "queued_item")[:MOST_REROUTED])
    let_go(rows)
    return len(rows)


def let_go(rows: Sequence[tuple[int, int | None]]) -> None:
    """`rows`: deliveries with their outbox items, which go ahead of whatever else waits there."""
    Delivery.objects.filter(pk__in=[pk for pk, _ in rows]).update(queued_for="", released_at=Now())
    mine = Item.objects.waiting().filter(pk__in=[item for _, item in rows])
    mine.update(due_at=Now() - timedelta(days=1))


def is_fresh(delivery: Delivery) -> bool:
    return delivery.released_at is not None and timezone.now() - delivery.released_at < FRESH
