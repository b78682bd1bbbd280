"""What the visitors of a run asked for and what they were told, by which the site is judged afterwards."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

# In every made-up address, name and letter, and nowhere else: where it turns up, something personal has leaked.
MARK = "quolith"


class Kind(StrEnum):
    SIGN = "sign"
    CONFIRM = "confirm"
    ASK_LEAVING = "ask for the link to what is stored"
    WITHDRAW = "withdraw"
    FORGET = "erase"
    DISOWN = "it was not me"
    WRITE = "write letters"
    CONFIRM_LETTERS = "confirm letters"
    TAKE_BACK = "take a letter back"
    SUBSCRIBE = "ask for news"
    CONFIRM_NEWS = "confirm news"
    UNSUBSCRIBE = "unsubscribe"
    SEND_ISSUE = "send the newsletter"  # by staff


class Answer(StrEnum):
    YES = "acknowledged"
    NO = "refused"  # the site said that it was not done
    NONE = "not answered"  # an error of the server, a broken connection, or too late: it may have been done


@dataclass(frozen=True)
class Act:
    """One request that should change something. Times are seconds since the epoch."""

    kind: Kind
    who: str  # an address, or the number of an issue
    asked_at: float
    answered_at: float
    answer: Answer
    status: int = 0  # of HTTP; 0 where none came
    what: str = ""  # the delivery that was taken back


@dataclass(frozen=True)
class Request:
    """Any request, also one that changes nothing."""

    at: float
    seconds: float
    status: int  # 0 where none came


@dataclass(frozen=True)
class CountShown:
    """The number of signatures that the petition's page told."""

    at: float
    count: int


@dataclass
class Ledger:
    acts: list[Act] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    counts: list[CountShown] = field(default_factory=list)
    strange_pages: list[str] = field(default_factory=list)  # errors that show what somebody else typed
    readers: set[str] = field(default_factory=set)  # subscribers from the beginning

    def of(self, *kinds: Kind) -> Iterator[Act]:
        return (act for act in self.acts if act.kind in kinds)

    def acts_of(self, *kinds: Kind) -> dict[str, list[Act]]:
        """Return the acts of each person, in the order in which they were asked for."""
        found: dict[str, list[Act]] = {}
        for act in sorted(self.of(*kinds), key=lambda act: act.asked_at):
            found.setdefault(act.who, []).append(act)
        return found

    def story_of(self, who: str) -> str:
        """Return what somebody did, in one line: what was asked when, and the answer."""
        mine = sorted((act for act in self.acts if act.who == who), key=lambda act: act.asked_at)
        return "; ".join(f"{act.asked_at:.1f} {act.kind}: {act.status or 'no answer'}" for act in mine)

    def addresses(self) -> list[str]:
        return sorted({act.who for act in self.acts if "@" in act.who})
