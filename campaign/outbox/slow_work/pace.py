"""How long one item of a kind takes, as workers have seen, for the relay to share slow work out.

Only slow kinds have a row: those of which a full batch would take longer than BATCH_SECONDS. What took long counts at
once, what has become faster by half each time, so that one quick answer between slow ones changes little.

Nothing is learnt from a batch in which something could not even be tried: waiting for a server that is away says
nothing about those that are there.
"""

import math
import time
from collections.abc import Sequence
from typing import Any

from django.db import connection

from campaign.outbox.handlers import Handler, Result, Retry, Together
from campaign.outbox.models import Pace

BATCH_SECONDS = 2.0  # that a message should take
BACKLOG_SECONDS = 10.0  # of work that may be published and not yet begun: less than a lease of what is published
LEAST_BACKLOG = 4  # items, so that several workers find something at once

SLOWER = """
    INSERT INTO outbox_pace (kind, seconds) VALUES (%(kind)s, %(seconds)s)
    ON CONFLICT (kind) DO UPDATE SET seconds = greatest(excluded.seconds, (outbox_pace.seconds + excluded.seconds) / 2)
"""
FASTER = """
    WITH quick_again AS (
        DELETE FROM outbox_pace WHERE kind = %(kind)s AND (seconds + %(seconds)s) / 2 < %(quick)s
    )
    UPDATE outbox_pace SET seconds = (seconds + %(seconds)s) / 2
    WHERE kind = %(kind)s AND (seconds + %(seconds)s) / 2 >= %(quick)s
"""


def known_paces() -> dict[str, float]:
    """Return the seconds that an item takes, of those kinds that are slow."""
    return dict(Pace.objects.values_list("kind", "seconds"))


def batch_size(handler: Handler, seconds: float) -> int:
    """Return how many items go into one message.

    >>> [batch_size(Handler(), seconds) for seconds in (0, 0.1, 10)]
    [100, 20, 1]
    """
    return handler.batch_size if not seconds else max(1, min(handler.batch_size, math.floor(BATCH_SECONDS / seconds)))


def backlog(handler: Handler, seconds: float) -> int:
    """Return how many items may be published and not yet begun.

    What is slow waits in PostgreSQL: in Redis other kinds would wait behind it, and leases of what is published would
    end.

    >>> [backlog(Handler(), seconds) for seconds in (0, 0.1, 10)]
    [1000, 100, 4]
    """
    return handler.window if not seconds else max(LEAST_BACKLOG, min(handler.window, round(BACKLOG_SECONDS / seconds)))


class Watch:
    """Measures how long one batch takes, and records what that says about its kind."""

    def __init__(self, kind: str, handler: Handler) -> None:
        self.kind, self.handler = kind, handler
        self.begun_at = time.monotonic()
        self.settled = 0
        self.is_telling = True

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.begun_at

    @property
    def is_over(self) -> bool:
        """Return whether the turn is over, so that what is left should go to another worker."""
        return self.seconds > self.handler.turn_seconds

    def note(self, result: Result, settled: Sequence[object]) -> None:
        self.settled += len(settled)
        if not isinstance(result, Together):
            _item, outcome = result
            self.is_telling = self.is_telling and not (isinstance(outcome, Retry) and not outcome.is_spent)

    def record(self) -> None:
        """Record the pace, which the relay reads."""
        if not (self.settled and self.is_telling):
            return
        seconds, quick = self.seconds / self.settled, BATCH_SECONDS / self.handler.batch_size
        with connection.cursor() as cursor:
            values: dict[str, Any] = {"kind": self.kind, "seconds": seconds, "quick": quick}
            cursor.execute(SLOWER if seconds > quick else FASTER, values)
