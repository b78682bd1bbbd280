"""The database's clock, for decisions outside of a statement: has a link expired, is a petition open?

Machines may disagree about the time by days, but all of them share one database. It is asked about once a minute;
between two answers the time is carried on by a counter that nobody sets: seconds since the machine was started. When
this machine's clock is set, the database is asked at once: on one machine it has the same clock, and a machine that was
stopped for a while and goes on has missed what others did meanwhile.

    if constituent.expires_at > clock.now(): ...
"""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db import DatabaseError, connection

from campaign.performance.postgresql.base import leave_unusable

ASK_EVERY = 60.0  # seconds; counters of two machines drift apart by milliseconds in that time
TRY_AGAIN = 5.0  # seconds, after the database did not answer
SET_BY = 0.005  # seconds; what is less may be the time between looking at the clock and at the counter
COUNTER = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # on Linux, where it goes on while the machine sleeps


def counter() -> float:
    return time.clock_gettime(COUNTER)


def lead() -> float:
    """Return by how many seconds this machine's clock is ahead of the counter: the same until somebody sets it."""
    return time.time() - counter()


@dataclass(frozen=True)
class Reading:
    """An answer of the database, and the counter at that moment."""

    time: datetime
    counter: float
    good_until: float
    lead: float = field(default_factory=lead)

    @property
    def is_good(self) -> bool:
        return counter() <= self.good_until and abs(lead() - self.lead) < SET_BY


class Clock:
    def __init__(self) -> None:
        self.reading: Reading | None = None

    def now(self) -> datetime:
        """Return the time. Raises DatabaseError only if the database has never answered this process."""
        reading = self.reading
        if reading is None or not reading.is_good:
            reading = self.reading = self.renewed(reading)
        return reading.time + timedelta(seconds=counter() - reading.counter)

    def start_of_day(self) -> datetime:
        """Return when the present day (UTC) began, for what must not tell more than its day."""
        return self.now().replace(hour=0, minute=0, second=0, microsecond=0)

    def renewed(self, last: Reading | None) -> Reading:
        try:
            return read()
        except DatabaseError:
            if not connection.in_atomic_block:
                connection.close()  # nobody else would, in a process that asks for nothing but the time
            if last is None:
                raise
            return Reading(last.time, last.counter, counter() + TRY_AGAIN)


def read() -> Reading:
    """Ask the database, bypassing Django's cursor so that this does not count among the caller's queries."""
    leave_unusable(connection)
    connection.ensure_connection()
    before = counter()
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        (said,) = cursor.execute("SELECT clock_timestamp()").fetchone()
    after = counter()
    return Reading(said.astimezone(UTC), (before + after) / 2, after + ASK_EVERY)


clock = Clock()
now, start_of_day = clock.now, clock.start_of_day
