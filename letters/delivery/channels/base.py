"""The interface of a channel, and the answers that it can give."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from letters.models import ChannelName, Delivery, Office
from letters.models.message import Message

BeforeHandOver = Callable[[], None]


@dataclass(frozen=True)
class Accepted:
    """A system accepted the letter. That does not mean delivered, or read."""

    detail: str = ""


@dataclass(frozen=True)
class Rejected:
    """`is_address_dead`: nothing that goes to the office by this channel can arrive."""

    detail: str
    is_address_dead: bool = False


@dataclass(frozen=True)
class NeedsConstituent:
    detail: str = ""


@dataclass(frozen=True)
class ForStaff:
    """Staff take it from here; the letter stays ready and is held for them."""

    detail: str


@dataclass(frozen=True)
class Later:
    """Certainly not accepted, and worth another attempt."""

    detail: str
    after: timedelta | None = None
    reason: str = "tried, and to be tried again"  # shown with the outbox item to more people: nothing personal
    is_spent: bool = True
    is_bound: bool = False  # True: by no other channel, since this one may yet turn out to have it


@dataclass(frozen=True)
class Unanswered:
    """The letter may have been accepted; this channel can be asked again, since it recognises a repetition."""

    detail: str


@dataclass(frozen=True)
class Unknown:
    """The letter may have been accepted."""

    detail: str


@dataclass(frozen=True)
class Failed:
    """A fault on our side, which no repetition mends."""

    detail: str


Answer = Accepted | Rejected | NeedsConstituent | ForStaff | Later | Unanswered | Unknown | Failed


class Channel:
    name: ClassVar[ChannelName]
    is_local: ClassVar[bool] = False  # True: nothing leaves; whole batches are settled in one transaction
    needs_prefix: ClassVar[bool] = False  # Mr., Mrs., Miss, Ms., Dr.
    is_repeatable: ClassVar[bool] = False  # True: the receiver recognises a repetition by its delivery_id

    @property
    def rate(self) -> float | None:
        """Return how many letters a second are let go (letters/delivery/rate_limit.py); None if they do not wait."""
        return None

    def reaches(self, office: Office) -> bool:
        raise NotImplementedError

    def takes(self, delivery: Delivery) -> bool:
        """Return whether this letter can go this way, given that the office can be reached."""
        return True

    def deliver(self, delivery: Delivery, message: Message, hand_over: BeforeHandOver) -> Answer:
        """Compose the message, call `hand_over`, and only then let anything out that could be the letter."""
        raise NotImplementedError

    def keep(self, taken: Sequence[tuple[Delivery, Message]]) -> None:
        """Store what was accepted; called in the transaction that settles it."""

    def close(self) -> None:
        """Release what the channel holds; called at the end of a batch, whatever happened, and before in trouble."""
