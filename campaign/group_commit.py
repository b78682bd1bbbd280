"""Group commit: what many threads want written at the same moment is written by one of them, in one statement.

    write = GroupCommit(write_all, key=attrgetter("fingerprint"))
    pk = write(row)  # as write_all([row])[0]

Whoever comes first writes at once. Those who come while it writes wait, and the first of them then writes for all:
alone one waits for nobody, and in a rush a statement, a commit and a wait for the disk are shared by as many as there
are threads. PostgreSQL does the same with its log. Two with the same key are never in one statement.

Within a transaction of the caller's everything is written at once and for itself: only its own commit makes it true.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Lock

from django.db import connection

MOST = 64  # rows of one statement
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
            turn.get()
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

    def lead(self) -> None:
        """Write for those who wait; one's own row is the first of them."""
        group = self.taken()
        try:
            self.settle(group)
        finally:
            self.pass_on()
            for ticket in group:
                if ticket.turn:
                    ticket.turn.put(None)

    def taken(self) -> list[Ticket[Row, Result]]:
        """The first of each key; the others stay, in their order."""
        with self.lock:
            first = {self.key(ticket.row): ticket for ticket in reversed(self.waiting)}
            group = [ticket for ticket in self.waiting if first[self.key(ticket.row)] is ticket][:MOST]
            self.waiting = [ticket for ticket in self.waiting if ticket not in group]
        return group

    def settle(self, group: Sequence[Ticket[Row, Result]]) -> None:
        """A row that cannot be written spoils it for nobody else: each is then written for itself."""
        try:
            for ticket, result in zip(group, self.write([ticket.row for ticket in group]), strict=True):
                ticket.results = (result,)
        except Exception as error:  # noqa: BLE001  # raised again in the thread whose row it was
            if len(group) > 1 and connection.is_usable():
                for ticket in group:
                    self.settle([ticket])
            else:
                for ticket in group:
                    ticket.error = error

    def pass_on(self) -> None:
        with self.lock:
            self.is_led = bool(self.waiting)
            if self.waiting and (turn := self.waiting[0].turn):
                turn.put(None)
