"""Kinds of work: the handler of each, and the outcomes that it may report."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from campaign.outbox.models import BUDGET, FAULT, OUTAGE, REHEARSAL, SHORTAGE, WAS_MAILED, Item

__all__ = [
    "BUDGET",
    "FAULT",
    "OUTAGE",
    "OVERTAKEN",
    "REHEARSAL",
    "SHORTAGE",
    "WAS_MAILED",
    "Dead",
    "Done",
    "Handler",
    "Item",
    "Outcome",
    "Refused",
    "Result",
    "Retry",
    "Together",
    "handler_for",
    "kinds",
]

Record = Callable[[], object]  # runs in the transaction that settles the item, only if the token still holds


@dataclass(frozen=True)
class Done:
    record: Record | None = None


@dataclass(frozen=True)
class Retry:
    reason: str
    after: timedelta | None = None  # else grows with the attempts, or with the item's age if none is spent; with jitter
    is_spent: bool = True  # False: nothing was tried, the attempt does not count
    record: Record | None = None


@dataclass(frozen=True)
class Dead:
    reason: str
    record: Record | None = None


@dataclass(frozen=True)
class Refused(Dead):
    """The receiver says no: the item is given up as if dead, but this is no sign that something is wrong here."""


Outcome = Done | Retry | Dead

# The outcome of an item whose token is no longer the newest; settling refuses it and notes it in the log.
OVERTAKEN = Retry("another worker has it", is_spent=False)


@dataclass(frozen=True)
class Together:
    """Marks all of these items as done, in one transaction; for frequent work whose result is only in the database."""

    items: Sequence[Item]
    record: Callable[[Sequence[Item]], object]  # is given those whose token still holds


Result = tuple[Item, Outcome] | Together


class Handler:
    """One kind of work. `run` is given items of this kind only, each won by the calling worker."""

    batch_size = 100  # items in one Celery message at most; fewer of a kind that has been slow (pace.py)
    turn_seconds = 10  # after which a worker gives back the rest of its batch, as if never begun
    window = 1000  # items published or running at one time
    priority = 3  # Celery's with Redis, 0 (first) to 9; scheduled tasks have 0, as they must not wait behind a crowd
    publish_lease = timedelta(seconds=15)  # what no worker has begun by then is published again
    lease = timedelta(seconds=60)  # between two signs of life of a worker
    max_attempts = 8

    def run(self, items: Sequence[Item]) -> Iterator[Result]:
        """Yield each item's outcome as soon as it is known, and begin with an item only once the one before is settled.

        When the turn is over nothing more is asked for: what has no outcome by then goes to another worker. So nothing
        may be written about an item before its own turn that would be wrong if it never came.
        """
        raise NotImplementedError

    def abandoned(self, item: Item) -> Outcome:
        """Return the outcome of `item` if the worker that had begun it is gone."""
        return Retry("the worker stopped while working on it")

    def exhausted(self, item: Item, reason: str) -> None:
        """React to `item` being given up; called in the transaction that marks it dead."""


@cache
def handler_for(kind: str) -> Handler:
    """Return the handler of a kind. Raises KeyError for one that OUTBOX_HANDLERS does not name."""
    handler: Handler = import_string(settings.OUTBOX_HANDLERS[kind])()
    return handler


def kinds() -> list[str]:
    return list(settings.OUTBOX_HANDLERS)
