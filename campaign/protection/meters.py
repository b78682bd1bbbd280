"""Meters: how fast something may come, per keyed hash of a network, domain or country. One row and one statement each.

A meter that overflows refuses nobody: what came with it is held for review, and gets the same answer as all else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models.functions import Now

from campaign.protection.models import Meter


@dataclass(frozen=True)
class Rate:
    """So many at once (`burst`), and one more every `every`."""

    burst: int
    every: timedelta


# Rows are taken in the order of their keys, so that two who drip at once cannot wait for each other.
DRIP = """
    WITH drops AS (
        SELECT * FROM unnest(%(keys)s::bytea[], %(every)s::interval[], %(full)s::interval[]) AS d (key, every, volume)
    )
    INSERT INTO protection_meter AS m (key, empties_at)
    SELECT key, now() + every FROM drops ORDER BY key
    ON CONFLICT (key) DO UPDATE SET empties_at = greatest(m.empties_at, now()) + (excluded.empties_at - now())
    WHERE m.empties_at + (excluded.empties_at - now()) <= now() + (SELECT volume FROM drops WHERE drops.key = m.key)
    RETURNING key
"""


def drip(rates: Mapping[bytes, Rate]) -> set[bytes]:
    """Add one to each meter; the keys of those that are full and stay as they are."""
    values: dict[str, Any] = {
        "keys": list(rates),
        "every": [rate.every for rate in rates.values()],
        "full": [rate.every * rate.burst for rate in rates.values()],
    }
    with connection.cursor() as cursor:
        cursor.execute(DRIP, values)
        return set(rates) - {bytes(key) for (key,) in cursor}


def forget() -> int:
    """Delete the meters that are empty; the number of rows."""
    return Meter.objects.filter(empties_at__lt=Now()).delete()[0]
