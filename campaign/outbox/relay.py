"""From the table to Celery: claim what is due, publish `(id, token)`, give back what could not be published."""

import logging
from collections.abc import Iterator
from typing import Any

from kombu.exceptions import OperationalError

from campaign.outbox import claims
from campaign.outbox.handlers import Handler, handler_for, kinds
from campaign.outbox.models import Item
from campaign.outbox.tasks import execute

logger = logging.getLogger(__name__)

ALONE_SECONDS = 45  # what an item that failed before may take when it is tried by itself


def relay() -> int:
    """Publish what is due, kind by kind, so that a slow kind does not hold up the others; the number published."""
    return sum(relay_kind(kind, handler_for(kind)) for kind in claims.due(kinds()))


def relay_kind(kind: str, handler: Handler) -> int:
    room = handler.window - Item.objects.in_flight().filter(kind=kind).count()
    rows = claims.claim(kind, limit=max(room, 0), lease=handler.publish_lease)
    unpublished = {(pk, token) for pk, token, _ in rows}
    try:
        for pairs, options in messages(rows, handler.batch_size):
            execute.apply_async((kind, pairs), retry=False, priority=handler.priority, **options)
            unpublished.difference_update(pairs)
    except (OperationalError, OSError):
        claims.release(list(unpublished))
        raise
    return len(rows)


def messages(rows: list[tuple[int, int, int]], batch_size: int) -> Iterator[tuple[list[claims.Pair], dict[str, Any]]]:
    """Fresh items in batches; an item with an attempt behind it alone, so that it can spoil nobody else's."""
    fresh = [(pk, token) for pk, token, attempts in rows if not attempts]
    for start in range(0, len(fresh), batch_size):
        yield fresh[start : start + batch_size], {}
    for pk, token, attempts in rows:
        if attempts:
            yield [(pk, token)], {"time_limit": ALONE_SECONDS}
