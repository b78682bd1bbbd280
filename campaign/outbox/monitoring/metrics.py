"""What machines are told about the outbox and the parts of the site (`METRICS` in the settings)."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric

from campaign.database import clock
from campaign.journal import recovery
from campaign.observability.metrics import MOST
from campaign.outbox import monitoring
from campaign.outbox.models import OUTAGE, SHORTAGE, Tries

# Of each kind, what waits and for how long the oldest has been due: by the index of what waits. What waits for the
# mail server or for room counts as due since it was put, however often it was put off; the oldest is looked for among
# the first. The rest, of which there is little, is read as it is.
BY_INDEX_ALONE = "SET LOCAL enable_bitmapscan = off; SET LOCAL enable_seqscan = off"  # else a million are read to sort
WAITING = """
    SELECT kinds.kind, 'waiting', waiting.number,
        greatest(extract(epoch FROM statement_timestamp() - least(due.at, put_off.at)), 0)::float
    FROM unnest(%(kinds)s::text[]) AS kinds (kind),
    LATERAL (
        SELECT count(*) AS number FROM (
            SELECT FROM outbox_item WHERE kind = kinds.kind AND state = 'waiting' LIMIT %(most)s
        ) AS first
    ) AS waiting,
    LATERAL (
        SELECT min(due_at) AS at FROM outbox_item WHERE kind = kinds.kind AND state = 'waiting'
    ) AS due,
    LATERAL (
        SELECT min(created_at) FILTER (WHERE reason LIKE %(outage)s OR reason LIKE %(shortage)s) AS at FROM (
            SELECT created_at, reason FROM outbox_item
            WHERE kind = kinds.kind AND state = 'waiting' ORDER BY due_at LIMIT 1000
        ) AS first
    ) AS put_off
    WHERE waiting.number > 0
"""
OTHERS = """
    SELECT kind, state, count(*), greatest(max(extract(epoch FROM statement_timestamp() - due_at)), 0)::float FROM (
        (SELECT kind, state, due_at FROM outbox_item WHERE state IN ('published', 'running') LIMIT %(most)s)
        UNION ALL (SELECT kind, state, due_at FROM outbox_item WHERE state = 'dead' LIMIT %(most)s)
        UNION ALL (SELECT kind, state, due_at FROM outbox_item WHERE state = 'refused' LIMIT %(most)s)
    ) AS found
    GROUP BY kind, state
"""


def collect() -> Iterator[Metric]:
    items = GaugeMetricFamily("outbox_items", f"Work by kind and state, counted to {MOST:,}", labels=["kind", "state"])
    late = GaugeMetricFamily("outbox_late_seconds", "Since when the oldest has been due", labels=["kind", "state"])
    for kind, state, number, seconds in rows():
        items.add_metric([kind, state], number)
        late.add_metric([kind, state], round(seconds))
    yield items
    yield late
    tries = CounterMetricFamily("outbox_tries", "Tries of work, mails among them, by ending", labels=["kind", "ending"])
    for kind, ending, number in Tries.objects.values_list("kind", "ending", "number"):
        tries.add_metric([kind, ending], number)
    yield tries
    seen = GaugeMetricFamily("last_seen_seconds", "Since a part of the site was last at work", labels=["part"])
    for part, moment in monitoring.last_seen().items():
        if moment:
            seen.add_metric([part], round((clock.now() - moment).total_seconds()))
    yield seen
    yield GaugeMetricFamily("held_after_restore", "1 while a restored backup holds all back", recovery.is_halted())


def rows() -> list[tuple[str, str, int, float]]:
    asked: dict[str, Any] = {
        "kinds": list(settings.OUTBOX_HANDLERS),
        "most": MOST,
        "outage": f"{OUTAGE}%",
        "shortage": f"{SHORTAGE}%",
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BY_INDEX_ALONE)
        found = []
        for statement in (WAITING, OTHERS):
            cursor.execute(statement, asked)
            found += cursor.fetchall()
    return found
