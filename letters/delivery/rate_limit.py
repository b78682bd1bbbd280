"""Letting letters go at the rate that a channel permits, over all workers together, and fairly among offices.

A letter for such a channel waits in line (`Delivery.queued_for`). The clock calls `release` about once a second: it
gives the moments of the next two seconds to the first letters of each office in turn, and their outbox items become due
then. A worker takes a turn for each before it sends: workers that were held up do not make up for it all at once. What
comes much too late goes back into the line.
"""

import math
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now

from campaign.database import clock
from campaign.outbox import queue
from letters.delivery import dispatch
from letters.models import ChannelStatus, Delivery

SECONDS_AHEAD = 2.0  # seconds for which moments are given; the clock may be late by all of it but one
FRESH = timedelta(seconds=10)  # for which a moment holds
SLACK = timedelta(seconds=0.5)  # by which letters may crowd together, since the relay fetches several at once
MOST_REROUTED = 500  # at one tick

FREE = """
    SELECT start, floor(extract(epoch FROM clock_timestamp() - start) * %(rate)s + %(most)s)::int
    FROM (
        SELECT greatest(next_at, clock_timestamp()) AS start FROM letters_channelstatus
        WHERE name = %(name)s AND paused_because = '' AND (quiet_until IS NULL OR quiet_until < clock_timestamp())
        FOR UPDATE
    ) status
"""
# Reads as many rows of the index as it may let go, however long the line is.
FIRST_IN_LINE = """
    SELECT line.id FROM letters_office o CROSS JOIN LATERAL (
        SELECT id, row_number() OVER (ORDER BY ready_at, id) AS place FROM letters_delivery
        WHERE queued_for = %s AND queued_office_id = o.id ORDER BY ready_at, id LIMIT %s
    ) line
    ORDER BY place, id LIMIT %s
"""
TAKE_TURN = """
    UPDATE letters_channelstatus SET paced_until = greatest(paced_until, clock_timestamp()) + %s::interval
    WHERE name = %s AND paced_until <= clock_timestamp() + %s::interval
"""


@transaction.atomic
def release(name: str, *, rate: float, office_rate: float) -> int:
    """Let go what may go now; how many. `rate`: letters a second in all, `office_rate`: to one office."""
    ChannelStatus.objects.of(name)
    with connection.cursor() as cursor:
        cursor.execute(FREE, {"name": name, "rate": rate, "most": rate * SECONDS_AHEAD})
        free = cursor.fetchone()
        if not free or free[1] < 1:
            return 0
        start, number = free
        cursor.execute(FIRST_IN_LINE, [name, math.ceil(number / rate * office_rate), number])
        ids = [pk for (pk,) in cursor]
    if ids:
        let_go(ids, start, apart=timedelta(seconds=1 / rate))
        # Moments that nobody may have, because of the offices' own rate, are gone as well.
        ChannelStatus.objects.filter(name=name).update(next_at=start + timedelta(seconds=number / rate))
    return len(ids)


def reroute(name: str, offices: Iterable[int]) -> int:
    """Let go at once, and by another way, what waits in line for these offices, which the channel no longer reaches."""
    waiting = Delivery.objects.in_line(name).filter(queued_office__in=offices)
    ids = list(waiting.values_list("pk", flat=True)[:MOST_REROUTED])
    let_go(ids, clock.now(), apart=timedelta())
    return len(ids)


def let_go(ids: Sequence[int], start: datetime, *, apart: timedelta) -> None:
    Delivery.objects.filter(pk__in=ids).update(queued_for="", released_at=Now())
    queue.reschedule(dispatch.DELIVERY_KINDS, ids, start=start, apart=apart)


def is_let_go(delivery: Delivery, name: str) -> bool:
    """Whether it has a moment that still holds, and the channel still works."""
    is_fresh = delivery.released_at is not None and clock.now() - delivery.released_at < FRESH
    return is_fresh and ChannelStatus.objects.open().filter(name=name).exists()


def take_turn(name: str, apart: timedelta) -> bool:
    """Whether a letter may go now; those that come late do not make the rate higher."""
    values: list[Any] = [apart, name, SLACK]
    with connection.cursor() as cursor:
        cursor.execute(TAKE_TURN, values)
        return bool(cursor.rowcount)
