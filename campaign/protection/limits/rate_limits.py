"""Allow so many in a time per keyed hash of an address or network; kept in PostgreSQL, so they hold without Redis.

if rate_limits.take(fingerprint(address, "confirmation-mail"), rate_limits.CONFIRMATION_MAIL): ...
"""

from collections.abc import Set
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models.functions import Now

from campaign.protection.models import Allowance


@dataclass(frozen=True)
class Limit:
    number: int
    within: timedelta


CONFIRMATION_MAIL = (Limit(1, timedelta(minutes=15)), Limit(3, timedelta(days=1)))

# One statement, so that two callers at the same moment cannot both take the last grant; in the order of the keys, so
# that two callers with many keys cannot deadlock.
TAKE = """
    INSERT INTO protection_allowance AS a (key, granted_at, forget_at)
    SELECT key, ARRAY[now()], now() + %(longest)s FROM unnest(%(keys)s::bytea[]) AS asked (key) ORDER BY key
    ON CONFLICT (key) DO UPDATE SET
        granted_at = array(SELECT g FROM unnest(a.granted_at) g WHERE g > now() - %(longest)s) || now(),
        forget_at = now() + %(longest)s
    WHERE {limits}
    RETURNING key
"""
DATE_BACK = """
    WITH mine AS (
        SELECT key FROM protection_allowance WHERE key = ANY(%(keys)s::bytea[]) AND granted_at <> '{}'
        ORDER BY key FOR UPDATE
    )
    UPDATE protection_allowance a SET granted_at =
        trim_array(granted_at, 1) || granted_at[cardinality(granted_at)] - %(by)s::interval
    FROM mine WHERE a.key = mine.key
"""
WITHIN = "(SELECT count(*) FROM unnest(a.granted_at) g WHERE g > now() - %(within{0})s) < %(number{0})s"


def take(key: bytes, limits: tuple[Limit, ...]) -> bool:
    """Count one more if every limit allows it; return whether they did."""
    return bool(take_each({key}, limits))


def take_each(keys: Set[bytes], limits: tuple[Limit, ...]) -> set[bytes]:
    """Count one more for each key whose limits allow it; return those keys."""
    parameters: dict[str, Any] = {"keys": list(keys), "longest": max(limit.within for limit in limits)}
    for place, limit in enumerate(limits):
        parameters |= {f"within{place}": limit.within, f"number{place}": limit.number}
    statement = TAKE.format(limits=" AND ".join(WITHIN.format(place) for place in range(len(limits))))
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return {bytes(key) for (key,) in cursor}


def date_back(keys: Set[bytes], *, by: timedelta) -> None:
    """Make the newest grant of each key older: it delays the next one for less long, but still counts."""
    with connection.cursor() as cursor:
        parameters: dict[str, Any] = {"keys": list(keys), "by": by}
        cursor.execute(DATE_BACK, parameters)


def forget() -> int:
    """Delete what no limit needs any more; return the number of rows."""
    return Allowance.objects.filter(forget_at__lt=Now()).delete()[0]
