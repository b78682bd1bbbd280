"""Who may act on a row: claims, leases and the growing token. All times are the database's."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from psycopg.types.json import Jsonb

from campaign.journal import recovery
from campaign.outbox.models import Item, Rehearsal, State

Pair = tuple[int, int]  # id, token

# One index lookup for each kind, however much is due.
DUE = """
    SELECT asked.kind FROM unnest(%s::text[]) AS asked (kind) CROSS JOIN LATERAL (
        SELECT FROM outbox_item
        WHERE kind = asked.kind AND state = 'waiting' AND due_at <= statement_timestamp() LIMIT 1
    ) AS due
"""
# Materialized: a plan that asks the locking sub-query again would lock more rows than its limit.
CLAIM = """
    WITH picked AS MATERIALIZED (
        SELECT id FROM outbox_item WHERE state = 'waiting' AND kind = %s AND due_at <= statement_timestamp()
        ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED
    )
    UPDATE outbox_item SET state = 'published', token = token + 1, leased_until = statement_timestamp() + %s
    WHERE id IN (SELECT id FROM picked)
    RETURNING id, token, attempts
"""

# By name: statements are prepared, and `*` would break those of the old code once a migration adds a column.
COLUMNS = ", ".join(f"outbox_item.{field.column}" for field in Item._meta.concrete_fields)
BEGIN = f"""
    UPDATE outbox_item
    SET state = 'running', token = outbox_item.token + 1, attempts = attempts + 1,
        leased_until = statement_timestamp() + %s
    FROM unnest(%s::bigint[], %s::bigint[]) AS named (id, token)
    WHERE outbox_item.id = named.id AND outbox_item.token = named.token AND state = 'published'
        AND NOT EXISTS (SELECT FROM journal_position WHERE is_held OR timeline <> %s OR number < %s)
    RETURNING {COLUMNS}
"""  # noqa: S608  # names of columns

FINISH = """
    DELETE FROM outbox_item USING unnest(%s::bigint[], %s::bigint[]) AS named (id, token)
    WHERE outbox_item.id = named.id AND outbox_item.token = named.token
    RETURNING outbox_item.id
"""

# As if never begun: the attempt that beginning counted is taken off again.
GIVE_BACK = """
    UPDATE outbox_item SET state = 'waiting', leased_until = NULL, attempts = greatest(attempts - 1, 0)
    FROM unnest(%s::bigint[], %s::bigint[]) AS named (id, token)
    WHERE outbox_item.id = named.id AND outbox_item.token = named.token AND state = 'running'
    RETURNING outbox_item.id
"""

# In the order of their keys, so that two workers that hold several rows cannot wait for each other.
HOLD = """
    SELECT outbox_item.id FROM outbox_item JOIN unnest(%s::bigint[], %s::bigint[]) AS named (id, token)
        ON outbox_item.id = named.id AND outbox_item.token = named.token
    ORDER BY outbox_item.id FOR UPDATE OF outbox_item
"""

MARK = """
    UPDATE outbox_item SET payload = payload || %s
    FROM unnest(%s::bigint[], %s::bigint[]) AS named (id, token)
    WHERE outbox_item.id = named.id AND outbox_item.token = named.token
    RETURNING outbox_item.id, payload
"""


def due(kinds: Sequence[str]) -> list[str]:
    """Return the kinds of which something is due."""
    with connection.cursor() as cursor:
        cursor.execute(DUE, [list(kinds)])
        return [kind for (kind,) in cursor]


def claim(kind: str, *, limit: int, lease: timedelta) -> list[tuple[int, int, int]]:
    """Take up to `limit` due rows of `kind` for publishing; return id, token and attempts so far of each."""
    values: list[Any] = [kind, limit, lease]
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, values)
        return cursor.fetchall()


def release(pairs: Sequence[Pair]) -> None:
    """Give back rows that could not be published."""
    for pk, token in pairs:
        Item.objects.filter(pk=pk, token=token, state=State.PUBLISHED).update(state=State.WAITING, leased_until=None)


def begin(pairs: Sequence[Pair], *, lease: timedelta) -> list[Item]:
    """Win the rows that still carry these tokens; each win makes a new token and counts an attempt.

    Nothing is won in a restored database before staff let work go on, whoever has noticed it (campaign/journal/).
    """
    ids, tokens, newest = [pk for pk, _ in pairs], [token for _, token in pairs], recovery.newest_place()
    won = list(Item.objects.raw(BEGIN, [lease, ids, tokens, newest.timeline, newest.number]))
    if not won:
        recovery.is_clear()  # else this process might go on believing in a database that is gone
    return won


def hold(items: Sequence[Item]) -> list[Item]:
    """Lock, until the transaction ends, the rows of those items whose token is still the newest; return these items.

    Call it first wherever work writes something before it is settled: a worker that was overtaken then writes nothing.
    """
    return still_held(items, HOLD)


class Leave(NamedTuple):
    """What an item's work may leave the database with."""

    rehearsed_since: datetime | None  # the time from which mail goes to staff only; None: it goes to everybody


def leave_for(item: Item) -> Leave | None:
    """Return leave to let something out now: None if the item's token is not the newest, or all waits after a restore.

    Ask just before something leaves the database.
    """
    held = Item.objects.held(item).exclude(recovery.halted())
    return next((Leave(*row) for row in held.values_list(Rehearsal.objects.since())), None)


def finish(items: Sequence[Item]) -> list[Item]:
    """Delete the rows of those items whose token is still the newest; return these items."""
    return still_held(items, FINISH)


def give_back(items: Sequence[Item]) -> list[Item]:
    """Let others begin these items at once, with no attempt spent; return those that were still held."""
    return still_held(items, GIVE_BACK) if items else []


def mark(items: Sequence[Item], **marks: bool) -> list[Item]:
    """Write `marks` into the payloads of those items whose token is still the newest; return these items.

    A later attempt sees the marks, and these items those that others have written meanwhile.
    """
    values: list[Any] = [Jsonb(marks), *columns(items)]
    with connection.cursor() as cursor:
        cursor.execute(MARK, values)
        payloads = {pk: json.loads(payload) for pk, payload in cursor}
    held = [item for item in items if item.pk in payloads]
    for item in held:
        item.payload = payloads[item.pk]
    return held


def still_held(items: Sequence[Item], statement: str, *values: Any) -> list[Item]:
    """Execute `statement`, and return the items whose ids it returns."""
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, *columns(items)])
        named = {pk for (pk,) in cursor}
    return [item for item in items if item.pk in named]


def extend(items: Sequence[Item], *, lease: timedelta) -> None:
    """Extend the leases of what is still being worked on; rows that were lost stay lost."""
    for item in items:
        Item.objects.held(item).update(leased_until=Now() + lease)


def fence(item: Item) -> None:
    """Make a new token for a row whose worker is presumed gone, so that a late result of it is refused."""
    Item.objects.held(item).update(token=F("token") + 1)
    item.token += 1


def columns(items: Sequence[Item]) -> list[list[int]]:
    return [[item.pk for item in items], [item.token for item in items]]
