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
    WITH drops (key, every, volume) AS (VALUES {drops})
    INSERT INTO protection_meter AS m (key, empties_at)
    SELECT key, now() + every FROM drops ORDER BY key
    ON CONFLICT (key) DO UPDATE SET empties_at = greatest(m.empties_at, now()) + (excluded.empties_at - now())
    WHERE m.empties_at + (excluded.empties_at - now()) <= now() + (SELECT volume FROM drops WHERE drops.key = m.key)
    RETURNING key
"""
DROP = "(%s::bytea, %s::interval, %s::interval)"


def drip(rates: Mapping[bytes, Rate]) -> set[bytes]:
    """Add one to each meter; the keys of those that are full and stay as they are."""
    values: list[Any] = []
    for key, rate in rates.items():
        values += [key, rate.every, rate.every * rate.burst]
    with connection.cursor() as cursor:
        cursor.execute(DRIP.format(drops=", ".join([DROP] * len(rates))), values)
        return set(rates) - {bytes(key) for (key,) in cursor}


def forget() -> int:
    """Delete the meters that are empty; the number of rows."""
    return Meter.objects.filter(empties_at__lt=Now()).delete()[0]
