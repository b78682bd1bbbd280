"""Leaky buckets: how fast something may come, per keyed hash of a network, domain or country. One row each.

Callers choose what overflowing means: signatures are held for review and get the same answer as all others, mail waits,
logins are refused, messages to the coalition are dropped.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models.functions import Now

from campaign.performance.group_commit import record_set
from campaign.protection.models import Meter


@dataclass(frozen=True)
class Rate:
    """At most `burst` at once, then one more for each `every`."""

    burst: int
    every: timedelta

    @cached_property
    def seconds(self) -> float:
        return self.every.total_seconds()


Drop = tuple[bytes, Rate]  # one more in the bucket of that key

# A bucket that refuses stays as it is when it is too full for what comes; one that lets wait takes everything, up to
# `most`. Rows are locked in the order of their keys, so that two callers at once cannot deadlock.
FILL = """
    WITH drops AS (
        SELECT key, lets_wait, sum(seconds) * interval '1 second' AS adds, max(most) * interval '1 second' AS most
        FROM json_to_recordset(%s::json) AS given (key bytea, seconds float8, most float8, lets_wait boolean)
        GROUP BY key, lets_wait
    )
    INSERT INTO protection_meter AS m (key, empties_at)
    SELECT key, now() + least(adds, most) FROM drops WHERE lets_wait OR adds <= most ORDER BY key
    ON CONFLICT (key) DO UPDATE SET empties_at = least(
        greatest(m.empties_at, now()) + (excluded.empties_at - now()),
        now() + (SELECT most FROM drops WHERE drops.key = m.key)
    )
    WHERE (
        SELECT lets_wait OR m.empties_at + (excluded.empties_at - now()) <= now() + most
        FROM drops WHERE drops.key = m.key
    )
    RETURNING key, extract(epoch FROM empties_at - now())::float8
"""

UNDRIP = """
    WITH drops AS (
        SELECT key, sum(seconds) * interval '1 second' AS adds
        FROM json_to_recordset(%s::json) AS given (key bytea, seconds float8) GROUP BY key
    ), mine AS (
        SELECT m.key, adds FROM protection_meter m JOIN drops USING (key) ORDER BY key FOR UPDATE OF m
    )
    UPDATE protection_meter m SET empties_at = empties_at - adds FROM mine WHERE m.key = mine.key
"""


def drip(drops: Sequence[Drop]) -> set[bytes]:
    """Add each drop to its bucket, in one statement; return the keys of buckets too full for it, left as they are."""
    full, _waits = fill(drops)
    return full


def fill(
    drops: Sequence[Drop], waiting: Sequence[Drop] = (), *, longest: timedelta = timedelta()
) -> tuple[set[bytes], list[timedelta]]:
    """Add each drop to its bucket, all in one statement. No key may stand in both lists.

    Return the keys of `drops` whose buckets are too full for it, left as they are; and, in the order of `waiting`, how
    long each must wait until its bucket has room for it, at most `longest`.
    """
    rows = [drop_row(key, rate, lets_wait=False) for key, rate in drops]
    rows += [drop_row(key, rate, lets_wait=True, longest=longest.total_seconds()) for key, rate in waiting]
    with connection.cursor() as cursor:
        cursor.execute(FILL, [record_set(rows)])
        filled = {bytes(key): seconds for key, seconds in cursor}
    full = {key for key, _rate in drops} - filled.keys()
    waits = []
    for key, rate in reversed(waiting):  # the last of a key is the one that filled it up
        waits.append(timedelta(seconds=max(filled[key] - rate.seconds * rate.burst, 0)))
        filled[key] -= rate.seconds
    return full, waits[::-1]


def take_back(drops: Sequence[Drop]) -> None:
    """Take drops out of their buckets again, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(UNDRIP, [record_set([drop_row(key, rate, lets_wait=False) for key, rate in drops])])


def drop_row(key: bytes, rate: Rate, *, lets_wait: bool, longest: float = 0) -> dict[str, Any]:
    most = rate.seconds * rate.burst + longest
    return {"key": key, "seconds": rate.seconds, "most": most, "lets_wait": lets_wait}


def forget() -> int:
    """Delete empty buckets; return how many."""
    return Meter.objects.filter(empties_at__lt=Now()).delete()[0]
