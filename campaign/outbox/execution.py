"""Do the work: win the rows, run their handler, settle each row under its token."""

import logging
import random
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial

from django.db import DatabaseError, connection, transaction
from django.db.models.functions import Now

from campaign.database import clock, outages
from campaign.observability import request_ids, tracing
from campaign.outbox import claims
from campaign.outbox.handlers import (
    SHORTAGE,
    Dead,
    Done,
    Handler,
    Outcome,
    Refused,
    Result,
    Retry,
    Together,
    handler_for,
)
from campaign.outbox.models import FAULT, KEY_GONE, KEYS_AWAY, Item, State
from campaign.outbox.monitoring import tries
from campaign.outbox.slow_work import pace
from campaign.secrecy.periods import boxes
from campaign.secrecy.periods.keys import KeyGone

logger = logging.getLogger(__name__)

FIRST_BACKOFF = timedelta(seconds=5)
LONGEST_BACKOFF = timedelta(hours=2)
LONGEST_OUTAGE_PAUSE = timedelta(minutes=10)
OUTAGE_PATIENCE = 30.0  # seconds for which a worker waits for the database to be back; less than a lease
OUTAGE_TRY_SECONDS = 1.0  # between two tries

Endings = Counter[str]  # how tries ended, for machines to be told


def execute(kind: str, pairs: Sequence[claims.Pair]) -> None:
    """Do the work of the rows that still carry these tokens; a repeated or late message does nothing."""
    handler = handler_for(kind)
    left = {item.pk: item for item in claims.begin(pairs, lease=handler.lease)}
    with request_ids.named(item.request_id for item in left.values()), tracing.span(kind, items=len(left)):
        execute_won(kind, handler, left)


def execute_won(kind: str, handler: Handler, left: dict[int, Item]) -> None:
    endings: Endings = Counter()
    try:
        for item, outcome in unopened(list(left.values())):
            settle(item, outcome, handler, endings)
            del left[item.pk]
        run_handler(kind, handler, left, endings)
    except DatabaseError as error:
        if outages.is_outage(error):
            give_back_when_possible(list(left.values()))
        raise  # the sweeper decides about what could not be given back, once its lease has run out
    except Exception as error:  # of any kind, so that a faulty handler does not end the worker
        logger.exception("a handler of %s failed", kind)
        blame(list(left.values()), error, handler, endings)
    tries.add(kind, endings)


def run_handler(kind: str, handler: Handler, left: dict[int, Item], endings: Endings) -> None:
    """Settle the items one after another, removing each from `left`; give the rest back when the turn is over."""
    watch, extended_at = pace.Watch(kind, handler), time.monotonic()
    results = handler.run(list(left.values()))
    for result in results:
        settled = patiently(partial(settle_result, result, handler, endings))
        for item in settled:
            del left[item.pk]
        watch.note(result, settled)
        if watch.is_over and left:
            close_handler(results)
            claims.give_back(list(left.values()))
            left.clear()
            break
        if time.monotonic() - extended_at > handler.lease.total_seconds() / 4:
            claims.extend(list(left.values()), lease=handler.lease)
            extended_at = time.monotonic()
    watch.record()


def close_handler(results: Iterator[Result]) -> None:
    """Stop a handler in its middle and let it close what it opened."""
    if isinstance(results, Generator):
        results.close()


def patiently[T](act: Callable[[], T]) -> T:
    """Act in the database; while it is away, try again on a new connection. Raises DatabaseError when patience ends.

    A mail that has gone out is so recorded as sent a little later, rather than sent again. If it was the answer to a
    commit that got lost, the token no longer holds and the second try changes nothing.
    """
    ends_at = time.monotonic() + OUTAGE_PATIENCE
    while True:
        try:
            return act()
        except DatabaseError as error:
            is_hopeless = connection.in_atomic_block or not outages.is_outage(error)
            if is_hopeless or time.monotonic() > ends_at:
                raise
        time.sleep(OUTAGE_TRY_SECONDS)
        connection.close()


def give_back_when_possible(items: Sequence[Item]) -> None:
    """Give back what has no outcome, with no attempt spent, as soon as the database is back.

    What was being sent at that moment goes round again as well; its handler knows from its own records whether it may
    have gone out.
    """
    if connection.in_atomic_block:
        return
    connection.close()
    with suppress(DatabaseError):
        patiently(partial(claims.give_back, items))


def unopened(items: Iterable[Item]) -> list[tuple[Item, Outcome]]:
    """Return what becomes of items whose secrets cannot be opened."""
    found: list[tuple[Item, Outcome]] = []
    for item in items:
        try:
            _ = item.secret  # kept, for the handler
        except KeyGone as gone:
            is_awaited = boxes.is_awaited(gone.key_id)
            found.append((item, Retry(f"{KEYS_AWAY}: {gone}", is_spent=False) if is_awaited else Dead(KEY_GONE)))
        except OSError as error:
            found.append((item, Retry(f"{KEYS_AWAY}: {type(error).__name__}", is_spent=False)))
    return found


def settle_result(result: Result, handler: Handler, endings: Endings) -> Sequence[Item]:
    """Settle the items of one result; return them."""
    if isinstance(result, Together):
        finish_together(result, endings)
        return result.items
    settle(*result, handler, endings)
    return [result[0]]


def blame(items: Sequence[Item], error: Exception, handler: Handler, endings: Endings) -> None:
    """Settle what a failing handler left open.

    An item that was alone is at fault. In a batch nobody knows which one is, so each goes round again, and items with
    an attempt behind them are published one by one. No item is at fault if the disk is full. The error's words may hold
    a secret of an item, so they appear only in the log, which is scrubbed.
    """
    trouble = outages.trouble_in_words(error)
    outcome = (
        Retry(f"{SHORTAGE}: {trouble}", is_spent=False)
        if trouble
        else Retry(f"{FAULT}, told in the log: {type(error).__name__}")
    )
    for item in items:
        settle(item, outcome, handler, endings)


def settle(item: Item, outcome: Outcome, handler: Handler, endings: Endings | None = None) -> bool:
    """Record `outcome` if the item's token still holds; return False if the row has passed into other hands."""
    is_held = finish(item, outcome) if isinstance(outcome, Done) else record(item, outcome, handler)
    if not is_held:
        logger.warning("late result for %s %s refused", item.kind, item.pk)
    elif endings is not None:
        endings[tries.ending(outcome, is_last=item.attempts >= handler.max_attempts)] += 1
    return is_held


def finish(item: Item, outcome: Done) -> bool:
    if outcome.record is None:
        return bool(claims.finish([item]))
    with transaction.atomic():
        is_held = bool(claims.finish([item]))
        if is_held:
            outcome.record()
        return is_held


def finish_together(result: Together, endings: Endings) -> None:
    """Settle the items in one transaction, leaving out those that have passed into other hands."""
    with transaction.atomic():
        held = claims.finish(result.items)
        result.record(held)
    endings[tries.DONE] += len(held)
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
    """Return a random half to whole of a span that doubles with each attempt, from 5 seconds to 2 hours.

    >>> timedelta(seconds=10) <= backoff(3) <= timedelta(seconds=20)
    True
    """
    longest = min(FIRST_BACKOFF * 2 ** max(attempts - 1, 0), LONGEST_BACKOFF)
    return longest * random.uniform(0.5, 1)  # noqa: S311  # jitter, not a secret


def outage_pause(item: Item) -> timedelta:
    """Return a pause that grows with the item's age, since no attempts are counted while the trouble lasts."""
    age = clock.now() - item.created_at
    return min(max(age / 4, FIRST_BACKOFF), LONGEST_OUTAGE_PAUSE) * random.uniform(0.5, 1)  # noqa: S311  # jitter
