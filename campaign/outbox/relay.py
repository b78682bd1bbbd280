"""Pass due work to Celery: claim the rows, publish `(id, token)`, give back what could not be published."""

import logging
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q
from kombu.exceptions import OperationalError

from campaign.journal import recovery
from campaign.outbox import claims
from campaign.outbox.handlers import Handler, handler_for, kinds
from campaign.outbox.models import Item, State
from campaign.outbox.slow_work import pace
from campaign.outbox.tasks import execute

logger = logging.getLogger(__name__)

ALONE_SECONDS = 45  # what an item that failed before may take when it is tried by itself


def relay() -> int:
    """Publish what is due, kind by kind, so that a slow kind does not hold up the others; return how many.

    Nothing is published after a restore until staff let it go on.
    """
    if not recovery.is_clear() or not (due := claims.due(kinds())):
        return 0
    paces = pace.known_paces()
    return sum(relay_kind(kind, handler_for(kind), seconds=paces.get(kind, 0)) for kind in due)


def relay_kind(kind: str, handler: Handler, *, seconds: float = 0) -> int:
    """Publish what is due of one kind; return how many. `seconds` is what an item takes, 0 where it is quick."""
    rows = claims.claim(kind, limit=room(kind, handler, seconds), lease=handler.publish_lease)
    unpublished = {(pk, token) for pk, token, _ in rows}
    try:
        for pairs, options in messages(rows, pace.batch_size(handler, seconds)):
            execute.apply_async((kind, pairs), retry=False, priority=handler.priority, **options)
            unpublished.difference_update(pairs)
    except (OperationalError, OSError):
        claims.release(list(unpublished))
        raise
    return len(rows)


def room(kind: str, handler: Handler, seconds: float) -> int:
    """Return how many more items may be published now."""
    is_published = Q(state=State.PUBLISHED)
    now = Item.objects.in_flight().filter(kind=kind).aggregate(all=Count("pk"), idle=Count("pk", filter=is_published))
    return max(min(handler.window - now["all"], pace.backlog(handler, seconds) - now["idle"]), 0)


def messages(rows: list[tuple[int, int, int]], batch_size: int) -> Iterator[tuple[list[claims.Pair], dict[str, Any]]]:
    """Yield messages and their options: fresh items in batches, and those with an attempt behind them one by one.

    An item that makes its handler fail thus affects no other.
    """
    fresh = [(pk, token) for pk, token, attempts in rows if not attempts]
    for start in range(0, len(fresh), batch_size):
        yield fresh[start : start + batch_size], {}
    for pk, token, attempts in rows:
        if attempts:
            yield [(pk, token)], {"time_limit": ALONE_SECONDS}
