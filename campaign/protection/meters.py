"""Meters: how fast something may come, per keyed hash of a network, domain or country. One row each.

A meter that overflows refuses nobody: what came with it is held for review, and gets the same answer as all else.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from django.db import connection
from django.db.models.functions import Now

from campaign.postgresql import recordset
from campaign.protection.models import Meter


@dataclass(frozen=True)
class Rate:
    """So many at once (`burst`), and one more every `every`."""

    burst: int
    every: timedelta

    @cached_property
    def seconds(self) -> float:
        return self.every.total_seconds()


# Rows are taken in the order of their keys, so that two who drip at once cannot wait for each other.
DRIP = """
    WITH drops AS (
        SELECT key, sum(seconds) * interval '1 second' AS adds, max(most) * interval '1 second' AS volume
        FROM json_to_recordset(%s::json) AS given (key bytea, seconds float8, most float8)
        GROUP BY key
    )
    INSERT INTO protection_meter AS m (key, empties_at)
    SELECT key, now() + adds FROM drops WHERE adds <= volume ORDER BY key
    ON CONFLICT (key) DO UPDATE SET empties_at = greatest(m.empties_at, now()) + (excluded.empties_at - now())
    WHERE m.empties_at + (excluded.empties_at - now()) <= now() + (SELECT volume FROM drops WHERE drops.key = m.key)
    RETURNING key
"""


def drip(drops: Iterable[tuple[bytes, Rate]]) -> set[bytes]:
    """Add one to a meter for each time that it is named, in one statement; the keys of those that are too full for it
    and stay as they are."""
    named = list(drops)
    rows = [{"key": key, "seconds": rate.seconds, "most": rate.seconds * rate.burst} for key, rate in named]
    with connection.cursor() as cursor:
        cursor.execute(DRIP, [recordset.of(rows)])
        return {key for key, _ in named} - {bytes(key) for (key,) in cursor}


def forget() -> int:
    """Delete the meters that are empty; the number of rows."""
    return Meter.objects.filter(empties_at__lt=Now()).delete()[0]
