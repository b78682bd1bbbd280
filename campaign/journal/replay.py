"""What applying lines to a restored database came to, in words for staff."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from campaign.journal.files import JournalLine

is_replaying = ContextVar("is_replaying", default=False)


@dataclass
class Replayed:
    """What was done again, and what the database knows nothing of: each in a few words, with the number."""

    again: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)


# Applies lines of one kind, in their order, in the caller's transaction; done again, it changes nothing.
Replay = Callable[[Sequence[JournalLine]], Replayed]


@contextmanager
def replaying() -> Iterator[None]:
    """What is done again from the journal is not written there anew."""
    token = is_replaying.set(True)
    try:
        yield
    finally:
        is_replaying.reset(token)
