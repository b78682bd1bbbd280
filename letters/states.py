"""The states of a delivery, and the one table of what may follow what."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    UNCONFIRMED = "unconfirmed", _("unconfirmed")
    READY = "ready", _("ready")
    SENDING = "sending", _("sending")
    ACCEPTED = "accepted", _("accepted")
    NEEDS_CONSTITUENT = "needs_constituent", _("needs the constituent")
    UNKNOWN = "unknown", _("unknown")
    REJECTED = "rejected", _("rejected")
    DEAD = "dead", _("dead")
    WITHDRAWN = "withdrawn", _("withdrawn")


FOLLOWS: dict[State, frozenset[State]] = {
    State.UNCONFIRMED: frozenset({State.READY, State.WITHDRAWN}),
    State.READY: frozenset({State.SENDING, State.NEEDS_CONSTITUENT, State.WITHDRAWN, State.UNKNOWN, State.DEAD}),
    State.SENDING: frozenset(
        {State.READY, State.ACCEPTED, State.NEEDS_CONSTITUENT, State.UNKNOWN, State.REJECTED, State.DEAD}
    ),
    # From here on only staff, or the constituent's own word, changes anything.
    State.UNKNOWN: frozenset({State.READY, State.NEEDS_CONSTITUENT, State.ACCEPTED, State.REJECTED, State.DEAD}),
    State.REJECTED: frozenset({State.READY, State.NEEDS_CONSTITUENT, State.DEAD, State.WITHDRAWN}),
    State.DEAD: frozenset({State.READY, State.NEEDS_CONSTITUENT, State.WITHDRAWN}),
    State.NEEDS_CONSTITUENT: frozenset({State.READY, State.WITHDRAWN}),
    # A system that took a letter may still refuse it later, by mail.
    State.ACCEPTED: frozenset({State.REJECTED}),
    State.WITHDRAWN: frozenset(),
}


class NotAllowed(Exception):
    """A change that the table does not name."""

    def __init__(self, old: str, new: str) -> None:
        super().__init__(f"a delivery that is {old} cannot become {new}")


def table() -> str:
    """FOLLOWS as docs/letters.md shows it."""
    rows = [f"| {old} | {', '.join(new for new in State if new in FOLLOWS[old]) or '(nothing)'} |" for old in State]
    return "\n".join(["| state | may become |", "|---|---|", *rows])


def check(old: str, new: str) -> None:
    """Raises NotAllowed."""
    if State(new) not in FOLLOWS[State(old)]:
        raise NotAllowed(old, new)
