"""What a channel is, and what it can answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from letters.models import ChannelName, Delivery, Office
from letters.rendering import Message

HandOver = Callable[[], None]


@dataclass(frozen=True)
class Accepted:
    """A system took it. Not: delivered, or read."""

    detail: str = ""


@dataclass(frozen=True)
class Rejected:
    detail: str


@dataclass(frozen=True)
class NeedsConstituent:
    detail: str = ""


@dataclass(frozen=True)
class ForStaff:
    """Staff take it from here; it stays ready and is held for them."""

    detail: str


@dataclass(frozen=True)
class Later:
    """Certainly not taken, and worth another try."""

    detail: str
    after: timedelta | None = None
    reason: str = "tried, and to be tried again"  # of the outbox item, which more people see: nothing personal
    is_spent: bool = True
    is_bound: bool = False  # True: by no other channel, since this one may yet turn out to have it


@dataclass(frozen=True)
class Unanswered:
    """It may have been taken; this channel can be asked again, since it knows a repetition."""

    detail: str


@dataclass(frozen=True)
class Unknown:
    """It may have been taken."""

    detail: str


@dataclass(frozen=True)
class Failed:
    """A fault on this side, which no repetition mends."""

    detail: str


Answer = Accepted | Rejected | NeedsConstituent | ForStaff | Later | Unanswered | Unknown | Failed


class Channel:
    name: ClassVar[ChannelName]
    is_local: ClassVar[bool] = False  # True: nothing leaves; whole batches are settled in one transaction
    needs_prefix: ClassVar[bool] = False  # Mr., Mrs., Miss, Ms., Dr.
    is_repeatable: ClassVar[bool] = False  # True: the receiver knows a repetition by its delivery_id

    @property
    def rate(self) -> float | None:
        """Letters a second, if they must wait in line and be let go at a rate (letters/pacing.py)."""
        return None

    def reaches(self, office: Office) -> bool:
        raise NotImplementedError

    def takes(self, delivery: Delivery) -> bool:
        """Whether this letter can go this way, given that the office can be reached."""
        return True

    def deliver(self, delivery: Delivery, message: Message, hand_over: HandOver) -> Answer:
        """Compose, call `hand_over`, and only then let anything out that could be the letter."""
        raise NotImplementedError

    def keep(self, taken: Sequence[tuple[Delivery, Message]]) -> None:
        """Called for what was accepted, in the transaction that settles it."""

    def close(self) -> None:
        """Called once at the end of a batch, whatever happened."""
