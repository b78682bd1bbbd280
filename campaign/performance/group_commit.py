"""Group commit: what many threads want written at the same moment is written by one of them, in one statement.

    write = GroupCommit(write_all, key=attrgetter("fingerprint"))
    pk = write(row)  # as write_all([row])[0]

Whoever comes first writes at once. Those who come while it writes wait, and the first of them then writes for all:
alone one waits for nobody, and in a rush a statement, a commit and a wait for the disk are shared by as many as there
are threads. PostgreSQL does the same with its log. Two with the same key are never in one statement.

Nobody waits for others longer than WAIT_SECONDS, whatever holds them up. Whether the row of whoever gave up is written
is not known then, so `write` must be right for a row that comes again.

Within a transaction of the caller's everything is written at once and for itself: only its own commit makes it true.

The rows of a statement are one parameter, `record_set(rows)`, however many they are.
"""

import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Lock
from typing import Any

from django.db import OperationalError, connection

from campaign.performance.postgresql.base import TIMEOUTS

MOST_ROWS = 64  # rows of one statement
WAIT_SECONDS = 6.0
Turn = SimpleQueue[None]  # something is put when it has come; an Event takes ten times as long to make and to set


@dataclass(slots=True, eq=False)
class Ticket[Row, Result]:
    row: Row
    turn: Turn | None = None  # of who must wait: it comes when the row is written, or when it is its turn to lead
    results: Sequence[Result] = ()  # one, or none yet
    error: Exception | None = None

    @property
    def is_done(self) -> bool:
        return bool(self.results or self.error)

    def result(self) -> Result:
        if self.error:
            raise self.error
        return self.results[0]


class GroupCommit[Row, Result]:
    """`write` takes rows and returns as many results, in their order. It must be right for rows of any callers."""

    def __init__(self, write: Callable[[Sequence[Row]], Sequence[Result]], *, key: Callable[[Row], Hashable]) -> None:
        self.write = write
        self.key = key
        self.lock = Lock()
        self.waiting: list[Ticket[Row, Result]] = []
        self.is_led = False

    def __call__(self, row: Row) -> Result:
        """What `write` returns for this row; raises what it raised for it, and for no other."""
        if connection.in_atomic_block:
            return self.write([row])[0]
        ticket: Ticket[Row, Result] = Ticket(row)
        if turn := self.join(ticket):
            self.await_turn(ticket, turn)
        if not ticket.is_done:
            self.lead()
        return ticket.result()

    def join(self, ticket: Ticket[Row, Result]) -> Turn | None:
        """What to wait for, unless it leads."""
        with self.lock:
            ticket.turn = SimpleQueue() if self.is_led else None
            self.waiting.append(ticket)
            self.is_led = True
        return ticket.turn

    def await_turn(self, ticket: Ticket[Row, Result], turn: Turn) -> None:
        """Raise OperationalError if it does not come in time."""
        try:
            turn.get(timeout=WAIT_SECONDS)
        except Empty:
            with self.lock:
                if not turn.empty():  # it came at this very moment, and others may depend on it
                    return
                self.waiting = [other for other in self.waiting if other is not ticket]
            raise OperationalError("others who are being written take too long") from None

    def lead(self) -> None:
        """Write for those who wait; one's own row is the first of them."""
        group = self.taken()
        try:
            self.settle(group)
        finally:
            self.pass_on()
            call(group)

    def taken(self) -> list[Ticket[Row, Result]]:
        """The first of each key; the others stay, in their order."""
        with self.lock:
            first = {self.key(ticket.row): ticket for ticket in reversed(self.waiting)}
            group = [ticket for ticket in self.waiting if first[self.key(ticket.row)] is ticket][:MOST_ROWS]
            self.waiting = [ticket for ticket in self.waiting if ticket not in group]
        return group

    def settle(self, group: Sequence[Ticket[Row, Result]]) -> None:
        """Write each for itself if they fail together: a row that cannot be written spoils it for nobody else.

        Where the database took too long, whoever waits is told so at once: their own statements would take as long.
        A row that somebody has locked is none of that: `lock_timeout` is over sooner (campaign/database/__init__.py).
        """
        try:
            for ticket, result in zip(group, self.write([ticket.row for ticket in group]), strict=True):
                ticket.results = (result,)
        except Exception as error:  # noqa: BLE001  # raised again in the thread whose row it was
            if isinstance(error.__cause__, TIMEOUTS):
                self.give_up(group, error)
                self.dismiss(error)
            elif len(group) > 1 and connection.is_usable():
                for ticket in group:
                    self.settle([ticket])
            else:
                self.give_up(group, error)

    def give_up(self, tickets: Sequence[Ticket[Row, Result]], error: Exception) -> None:
        for ticket in tickets:
            ticket.error = error

    def dismiss(self, error: Exception) -> None:
        """Tell all who wait, and are in no group yet."""
        with self.lock:
            dismissed, self.waiting = self.waiting, []
        self.give_up(dismissed, error)
        call(dismissed)

    def pass_on(self) -> None:
        with self.lock:
            self.is_led = bool(self.waiting)
            if self.waiting and (turn := self.waiting[0].turn):
                turn.put(None)


def as_bytea(value: bytes) -> str:
    return f"\\x{value.hex()}"


ENCODER = json.JSONEncoder(default=as_bytea)


def record_set(rows: Sequence[Mapping[str, Any]]) -> str:
    r"""What `json_to_recordset` takes apart again, into columns of the types that it is told: JSON in which bytes stand
    as PostgreSQL writes them. A list for each column does the same, and costs ten times as much to write down.

    >>> record_set([{"key": b"ab", "seconds": 1.5}])
    '[{"key": "\\\\x6162", "seconds": 1.5}]'
    """
    return ENCODER.encode(rows)


def call(tickets: Sequence[Ticket[Any, Any]]) -> None:
    for ticket in tickets:
        if ticket.turn:
            ticket.turn.put(None)
