"""The states of a delivery, and the one table of which may follow which."""

from django.db import models

from campaign.translation import for_staff_lazy


class State(models.TextChoices):
    UNCONFIRMED = "unconfirmed", for_staff_lazy("unconfirmed")
    READY = "ready", for_staff_lazy("ready")
    SENDING = "sending", for_staff_lazy("sending")
    ACCEPTED = "accepted", for_staff_lazy("accepted")
    NEEDS_CONSTITUENT = "needs_constituent", for_staff_lazy("needs the constituent")
    UNKNOWN = "unknown", for_staff_lazy("unknown")
    REJECTED = "rejected", for_staff_lazy("rejected")
    DEAD = "dead", for_staff_lazy("dead")
    WITHDRAWN = "withdrawn", for_staff_lazy("withdrawn")


FOLLOWS: dict[State, frozenset[State]] = {
    State.UNCONFIRMED: frozenset({State.READY, State.WITHDRAWN}),
    State.READY: frozenset({State.SENDING, State.NEEDS_CONSTITUENT, State.WITHDRAWN, State.UNKNOWN, State.DEAD}),
    State.SENDING: frozenset(
        {State.READY, State.ACCEPTED, State.NEEDS_CONSTITUENT, State.UNKNOWN, State.REJECTED, State.DEAD}
    ),
    # From here on only staff, or the constituent's own word, change anything.
    State.UNKNOWN: frozenset({State.READY, State.NEEDS_CONSTITUENT, State.ACCEPTED, State.REJECTED, State.DEAD}),
    State.REJECTED: frozenset({State.READY, State.NEEDS_CONSTITUENT, State.DEAD, State.WITHDRAWN}),
    State.DEAD: frozenset({State.READY, State.NEEDS_CONSTITUENT, State.WITHDRAWN}),
    State.NEEDS_CONSTITUENT: frozenset({State.READY, State.WITHDRAWN}),
    # A system may refuse later, by mail, what it accepted; of paper, staff may have said too early that it was posted.
    State.ACCEPTED: frozenset({State.READY, State.REJECTED}),
    State.WITHDRAWN: frozenset(),
}


class NotAllowed(Exception):
    """The table does not allow this change."""

    def __init__(self, old: str, new: str) -> None:
        super().__init__(f"a delivery that is {old} cannot become {new}")


def table() -> str:
    """Return FOLLOWS as docs/letters.md shows it."""
    rows = [f"| {old} | {', '.join(new for new in State if new in FOLLOWS[old]) or '(nothing)'} |" for old in State]
    return "\n".join(["| state | may become |", "|---|---|", *rows])


def check(old: str, new: str) -> None:
    """Check a change against the table. Raises NotAllowed."""
    if State(new) not in FOLLOWS[State(old)]:
        raise NotAllowed(old, new)
