"""The interface of the outbox: put work in, find it by its subject, put it off, take it out.

    queue.put("petitions.reminder", subject=7, payload={"signature": 7}, secret={"address": "ana@example.org"})
    queue.forget(["petitions.reminder"], [7])

The subject is the id of what the work is about, in a table that the kind implies. Work that has one is found by an
index of subjects: what that costs grows with the subjects asked for, not with the work that waits.

claims.py has what a handler does with work that it has won, monitoring.py what staff and machines are told.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import OuterRef
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from campaign.outbox.models import Item, ItemQuerySet, State
from campaign.secrecy import encryption
from campaign.secrecy.periods.keys import KeyGone, Purpose

PUT = """
    INSERT INTO outbox_item (kind, subject, payload, sealed_secret, state, due_at, token, attempts, reason, request_id)
    SELECT {kind}, {subject}, {payload}, {sealed}, 'waiting', {due_at}, 0, 0, {reason}, {request} FROM {source}
"""
# In arrays, and without a join, so that one prepared plan serves any number of them and uses the index of subjects.
FORGET = """
    DELETE FROM outbox_item
    WHERE subject = ANY(%(subjects)s::bigint[]) AND kind = ANY(%(kinds)s::text[])
        AND (
            state IN ('waiting', 'dead', 'refused') OR %(lost)s AND leased_until < statement_timestamp() OR %(begun)s
        )
"""
TURN_INTO = """
    UPDATE outbox_item
    SET kind = %(kind)s, subject = NULL, request_id = '', due_at = statement_timestamp() + %(due_in)s::interval
    WHERE subject = ANY(%(subjects)s::bigint[]) AND kind = ANY(%(kinds)s::text[]) AND state = 'waiting'
"""
OVERTAKE = """
    UPDATE outbox_item SET payload = payload || '{"is_overtaken": true}'
    FROM unnest(%(kinds)s::text[], %(subjects)s::bigint[], %(ids)s::bigint[]) AS newer (kind, subject, id)
    WHERE outbox_item.kind = newer.kind AND outbox_item.subject = newer.subject AND outbox_item.id < newer.id
"""
RESCHEDULE = """
    UPDATE outbox_item
    SET due_at = %(start)s + (array_position(%(subjects)s::bigint[], subject) - 1) * %(apart)s::interval
    WHERE subject = ANY(%(subjects)s::bigint[]) AND kind = ANY(%(kinds)s::text[]) AND state = 'waiting'
"""


def put(
    kind: str,
    *,
    payload: dict[str, Any],
    subject: int | None = None,
    secret: dict[str, Any] | None = None,
    due_at: datetime | Combinable | None = None,
    reason: str = "",
) -> Item:
    """Write one piece of work; call it inside the transaction that makes the work necessary."""
    sealed = encryption.seal_json(secret, Purpose.SHORT) if secret is not None else None
    times = {"due_at": due_at} if due_at else {}
    return Item.objects.create(
        kind=kind, subject=subject, payload=payload, sealed_secret=sealed, reason=reason, **times
    )


@dataclass(frozen=True, slots=True)
class Work:
    """One of many pieces of work of a kind; `sealed` is its secret, already encrypted, such as that of another item."""

    subject: int
    payload: dict[str, Any]
    due_at: datetime
    sealed: bytes | memoryview | None = None


def put_many(kind: str, works: Iterable[Work]) -> None:
    """Write all of them in one statement, or in none if there are none."""
    Item.objects.bulk_create(
        Item(kind=kind, subject=one.subject, payload=one.payload, sealed_secret=one.sealed, due_at=one.due_at)
        for one in works
    )


def put_sql(*, source: str, **columns: str) -> str:
    """Return `put` as part of a statement that writes what the work is about, which saves a round trip to the database.

    `source` names rows, one for each piece of work; `columns` are SQL over its columns: kind, subject, payload, sealed,
    due_at, reason, request.
    """
    return PUT.format(source=source, **columns)


def put_missing(kind: str, *, subject: int, payload: dict[str, Any]) -> bool:
    """Put the work that its subject waits for, unless it is there; return whether it was missing."""
    is_missing = not find([kind], subject).exists()
    if is_missing:
        put(kind, subject=subject, payload=payload)
    return is_missing


def find(kinds: Sequence[str], subject: int | OuterRef) -> ItemQuerySet:
    """Select the work of these kinds about `subject`, to be read only; with an OuterRef, for an Exists."""
    return Item.objects.filter(subject=subject, kind__in=kinds)


def retry(item: Item) -> bool:
    """Let what was given up be tried again, its attempts counted anew; return False if its secret is gone by now."""
    fresh = {"state": State.WAITING, "attempts": 0, "due_at": Now(), "reason": ""}
    return bool(Item.objects.given_up().filter(pk=item.pk).exclude(payload__has_key="is_forgotten").update(**fresh))


def retry_subject(kinds: Sequence[str], subject: int) -> bool:
    """Let what was given up about `subject` be tried again; return False if there is nothing that could be."""
    given_up = find(kinds, subject).given_up().first()
    return given_up is not None and retry(given_up)


def reschedule(kinds: Sequence[str], subjects: Sequence[int], *, start: datetime, apart: timedelta) -> None:
    """Make what waits about these due at `start` and every `apart` after it, in their order."""
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"kinds": list(kinds), "subjects": list(subjects), "start": start, "apart": apart}
        cursor.execute(RESCHEDULE, values)


def turn_into(kind: str, *, kinds: Sequence[str], subjects: Sequence[int], due_in: timedelta) -> None:
    """Make what waits about these subjects work of another kind, which nothing ties to its subject any more."""
    values: dict[str, Any] = {"kind": kind, "kinds": list(kinds), "subjects": list(subjects), "due_in": due_in}
    with connection.cursor() as cursor:
        cursor.execute(TURN_INTO, values)


def overtake(newer: Sequence[Item]) -> None:
    """Mark older work of the same kind about the same subject, which may be done after these: `is_overtaken`."""
    if newer:
        columns: dict[str, Any] = {
            "kinds": [one.kind for one in newer],
            "subjects": [one.subject for one in newer],
            "ids": [one.pk for one in newer],
        }
        with connection.cursor() as cursor:
            cursor.execute(OVERTAKE, columns)


def waiting(kind: str, *, most: int) -> int:
    """Return how much work of this kind waits, counted up to `most`."""
    return Item.objects.waiting().filter(kind=kind)[:most].count()


def take(kind: str, *, most: int) -> list[Item]:
    """Take the oldest work of this kind out of the queue; call it in the transaction that does the work.

    Work that nobody can read any more stays, and is given up with that reason once it is due.
    """
    waiting = Item.objects.waiting().filter(kind=kind).order_by("due_at")
    items = list(readable(waiting.select_for_update(skip_locked=True)[:most]))
    remove_items(items)
    return items


def readable(items: Iterable[Item]) -> Iterator[Item]:
    """Leave out the items whose period's key is gone (campaign/secrecy/periods)."""
    for item in items:
        try:
            _ = item.secret
        except KeyGone:
            continue
        yield item


def waiting_items(kinds: Sequence[str]) -> Iterator[Item]:
    """Yield all work of these kinds that waits and can be read, without loading all of it at once."""
    yield from readable(Item.objects.waiting().filter(kind__in=kinds).order_by("pk").iterator())


def remove_items(items: Iterable[Item]) -> int:
    """Remove these items unless somebody has begun them meanwhile; return how many."""
    return Item.objects.waiting().filter(pk__in=[item.pk for item in items]).delete()[0]


def change_kind(item: Item, kind: str) -> None:
    """Give work in hand to another handler from its next attempt on; do nothing if another worker has it by now."""
    Item.objects.held(item).update(kind=kind)


def forget(kinds: Sequence[str], subjects: Iterable[int], *, with_lost: bool = False, with_begun: bool = False) -> int:
    """Remove the work of these kinds about these subjects that waits or was given up; return the number removed.

    What a worker has begun stays: its handler must look at the state of what it works on. `with_lost`: remove that as
    well if its lease has run out; `with_begun`: in any case, as after a restore, when no worker has what was begun.
    """
    values: dict[str, Any] = {"kinds": list(kinds), "subjects": list(subjects), "lost": with_lost, "begun": with_begun}
    with connection.cursor() as cursor:
        cursor.execute(FORGET, values)
        return int(cursor.rowcount)
