"""Doing the work: win the rows, run their handler, settle each row under its token."""

import logging
import random
import time
from collections.abc import Sequence
from datetime import timedelta

from django.db import DatabaseError, transaction
from django.db.models.functions import Now
from django.utils import timezone

from campaign.outbox import claims
from campaign.outbox.handlers import Dead, Done, Handler, Outcome, Refused, Result, Retry, Together, handler_for
from campaign.outbox.models import Item, State

logger = logging.getLogger(__name__)

FIRST_BACKOFF = timedelta(seconds=5)
LONGEST_BACKOFF = timedelta(hours=2)
LONGEST_OUTAGE_PAUSE = timedelta(minutes=10)


def execute(kind: str, pairs: Sequence[claims.Pair]) -> None:
    """Do the work of the rows that still carry these tokens; a repeated or late message does nothing."""
    handler = handler_for(kind)
    open_items = {item.pk: item for item in claims.begin(pairs, lease=handler.lease)}
    extended_at = time.monotonic()
    try:
        for result in handler.run(list(open_items.values())):
            for item in settle_result(result, handler):
                del open_items[item.pk]
            if time.monotonic() - extended_at > handler.lease.total_seconds() / 4:
                claims.extend(list(open_items.values()), lease=handler.lease)
                extended_at = time.monotonic()
    except DatabaseError:
        raise  # nothing can be settled now; the leases run out and the sweeper decides
    except Exception as error:  # of any kind: what a handler does wrong ends no worker
        logger.exception("a handler of %s failed", kind)
        blame(list(open_items.values()), error, handler)


def settle_result(result: Result, handler: Handler) -> Sequence[Item]:
    """Those that it was about."""
    if isinstance(result, Together):
        finish_together(result)
        return result.items
    settle(*result, handler)
    return [result[0]]


def blame(items: Sequence[Item], error: Exception, handler: Handler) -> None:
    """Settle what a failing handler left open. Alone, the item is at fault; in a batch nobody knows, so each goes
    round again, and items with an attempt behind them are published one by one. Its words may hold what is secret in
    an item, so they stand in the log alone, which is scrubbed."""
    for item in items:
        settle(item, Retry(f"a fault of this program, told in the log: {type(error).__name__}"), handler)


def settle(item: Item, outcome: Outcome, handler: Handler) -> bool:
    """Record `outcome` if the item's token still holds; False if the row has passed into other hands."""
    is_held = finish(item, outcome) if isinstance(outcome, Done) else record(item, outcome, handler)
    if not is_held:
        logger.warning("late result for %s %s refused", item.kind, item.pk)
    return is_held


def finish(item: Item, outcome: Done) -> bool:
    if outcome.record is None:
        return bool(claims.finish([item]))
    with transaction.atomic():
        is_held = bool(claims.finish([item]))
        if is_held:
            outcome.record()
        return is_held


def finish_together(result: Together) -> None:
    """What has passed into other hands is left out."""
    with transaction.atomic():
        held = claims.finish(result.items)
        result.record(held)
    if late := len(result.items) - len(held):
        logger.warning("%s late results refused", late)


def record(item: Item, outcome: Dead | Retry, handler: Handler) -> bool:
    with transaction.atomic():
        if not Item.objects.held(item).select_for_update().exists():
            return False
        if outcome.record:
            outcome.record()
        write(item, outcome, handler)
        return True


def write(item: Item, outcome: Dead | Retry, handler: Handler) -> None:
    if isinstance(outcome, Dead) or (outcome.is_spent and item.attempts >= handler.max_attempts):
        handler.exhausted(item, outcome.reason)
        put_aside(item, outcome)
    else:
        put_back(item, outcome)


def put_aside(item: Item, outcome: Dead | Retry) -> None:
    state = State.REFUSED if isinstance(outcome, Refused) else State.DEAD
    Item.objects.held(item).update(state=state, leased_until=None, reason=outcome.reason[:1000])


def put_back(item: Item, outcome: Retry) -> None:
    attempts = item.attempts if outcome.is_spent else max(item.attempts - 1, 0)
    due_at = Now() + (pause(item, outcome) if outcome.after is None else outcome.after)
    back = {"state": State.WAITING, "leased_until": None, "reason": outcome.reason[:1000]}
    Item.objects.held(item).update(attempts=attempts, due_at=due_at, **back)


def pause(item: Item, outcome: Retry) -> timedelta:
    return backoff(item.attempts) if outcome.is_spent else outage_pause(item)


def backoff(attempts: int) -> timedelta:
    """Doubles from 5 seconds to 2 hours, of which a random half to whole is waited.

    >>> timedelta(seconds=10) <= backoff(3) <= timedelta(seconds=20)
    True
    """
    longest = min(FIRST_BACKOFF * 2 ** max(attempts - 1, 0), LONGEST_BACKOFF)
    return longest * random.uniform(0.5, 1)  # noqa: S311  # jitter, not a secret


def outage_pause(item: Item) -> timedelta:
    """Where no attempt is counted the age tells how long the trouble may last."""
    age = timezone.now() - item.created_at
    return min(max(age / 4, FIRST_BACKOFF), LONGEST_OUTAGE_PAUSE) * random.uniform(0.5, 1)  # noqa: S311  # jitter
