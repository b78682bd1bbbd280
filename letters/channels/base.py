"""What a channel is, and what it can answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from letters.models import ChannelName, Delivery, Office
from letters.rendering import Message

HandOver = Callable[[], None]
Record = Callable[[], None]  # runs in the transaction that settles the delivery


@dataclass(frozen=True)
class Accepted:
    """A system took it. Not: delivered, or read."""

    detail: str = ""
    record: Record | None = None


@dataclass(frozen=True)
class Rejected:
    detail: str


@dataclass(frozen=True)
class NeedsConstituent:
    detail: str = ""


@dataclass(frozen=True)
class Later:
    """Certainly not taken, and worth another try."""

    detail: str
    after: timedelta | None = None
    is_spent: bool = True


@dataclass(frozen=True)
class Unknown:
    """It may have been taken."""

    detail: str


@dataclass(frozen=True)
class Failed:
    """A fault on this side, which no repetition mends."""

    detail: str


Answer = Accepted | Rejected | NeedsConstituent | Later | Unknown | Failed


class Channel:
    name: ClassVar[ChannelName]
    is_repeatable: ClassVar[bool] = False  # True: the receiver knows a repetition by its delivery_id

    def reaches(self, office: Office) -> bool:
        raise NotImplementedError

    def deliver(self, delivery: Delivery, message: Message, hand_over: HandOver) -> Answer:
        """Compose, call `hand_over`, and only then let anything out that could be the letter."""
        raise NotImplementedError

    def close(self) -> None:
        """Called once at the end of a batch, whatever happened."""
