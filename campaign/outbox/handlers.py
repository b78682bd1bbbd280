"""What a kind of work is: a handler, and the outcomes it may report."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from campaign.outbox.models import Item

__all__ = [
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

Record = Callable[[], None]  # runs in the transaction that settles the item, only if the token still holds


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
    """Its receiver says no: given up like what is dead, but no sign that something is wrong here."""


Outcome = Done | Retry | Dead


@dataclass(frozen=True)
class Together:
    """Done, all of these in one transaction: for work that ends in the database alone and of which there is much."""

    items: Sequence[Item]
    record: Callable[[Sequence[Item]], None]  # is given those whose token still holds


Result = tuple[Item, Outcome] | Together


class Handler:
    """One kind of work. `run` is given items of this kind only, each won by the calling worker."""

    batch_size = 100  # items in one Celery message
    window = 1000  # items published or running at one time
    priority = 3  # Celery's with Redis, 0 to 9: 0 is the clock's, for what must not wait behind a crowd
    publish_lease = timedelta(seconds=15)  # for beginning what was published, else it is published again
    lease = timedelta(seconds=60)  # between two signs of life of a worker
    max_attempts = 8

    def run(self, items: Sequence[Item]) -> Iterator[Result]:
        """Yield each item's outcome as soon as it is known."""
        raise NotImplementedError

    def abandoned(self, item: Item) -> Outcome:
        """The worker that had begun `item` is gone: what does that mean?"""
        return Retry("the worker stopped while working on it")

    def exhausted(self, item: Item, reason: str) -> None:
        """`item` is given up; called in the transaction that marks it dead."""


@cache
def handler_for(kind: str) -> Handler:
    """Raises KeyError for a kind that no setting names."""
    handler: Handler = import_string(settings.OUTBOX_HANDLERS[kind])()
    return handler


def kinds() -> list[str]:
    return list(settings.OUTBOX_HANDLERS)
