"""Where the database stands in the journal, and the newest place that this process knows of.

The database counts up before a line with that number is written outside, and never goes back, so nothing here depends
on a clock. After a restored backup was noticed, counting goes on under the name of another timeline, as PostgreSQL's
own log does: numbers of the time that was lost are not taken for those that come now.
"""

import secrets
import threading
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.db.backends.signals import connection_created

COLUMNS = "site, timeline, number, at, is_held, at < statement_timestamp() - interval '10 minutes'"
READ = f"SELECT {COLUMNS} FROM journal_position"  # noqa: S608  # names of columns
# The one row is made by whoever comes first.
MAKE = """
    INSERT INTO journal_position (id, site, timeline, number, at, is_held, folders, trouble)
    VALUES (1, %(new)s, %(new)s, 0, statement_timestamp(), false, '{}', '') ON CONFLICT DO NOTHING
"""
# Only where the database is the one that this process knows: else its number must stay as it was found.
ADVANCE = f"""
    UPDATE journal_position SET number = number + 1, at = statement_timestamp()
    WHERE timeline = %s AND number >= %s
    RETURNING {COLUMNS}
"""  # noqa: S608  # names of columns


class Place(NamedTuple):
    site: str  # the same in every copy of this database
    timeline: str
    number: int
    at: datetime  # when it was last counted up
    is_held: bool
    is_stale: bool  # nothing was counted for some minutes, as if no process of the site were running

    def is_behind(self, other: "Place") -> bool:
        """Return whether a database that stands here cannot be the one that stood at `other` before."""
        return self.timeline != other.timeline or self.number < other.number


class Known:
    """The newest place in the journal that this process has seen, shared by its threads.

    It is in doubt whenever a connection was made: that may lead to another database than the one before.
    """

    def __init__(self) -> None:
        self.place: Place | None = None
        self.is_doubted = True
        self.lock = threading.Lock()

    def doubt(self, **_: object) -> None:
        self.is_doubted = True

    @property
    def trusted(self) -> Place | None:
        return None if self.is_doubted else self.place

    def learn(self, place: Place) -> None:
        """Keep the place, unless another thread has seen a newer one of the same timeline."""
        with self.lock:
            if self.place is None or self.place.timeline != place.timeline or self.place.number < place.number:
                self.place = place

    def forget(self) -> None:
        self.place, self.is_doubted = None, True


known = Known()
connection_created.connect(known.doubt)


def read() -> Place:
    with connection.cursor() as cursor:
        cursor.execute(READ)
        row = cursor.fetchone()
        if row is None:
            cursor.execute(MAKE, {"new": new_name()})
            cursor.execute(READ)
            row = cursor.fetchone()
    return Place(*row)


def advance(seen: Place) -> Place | None:
    """Count up; return None and do nothing if the database does not stand where it was `seen`, or further.

    Call it outside of a transaction: the row is everybody's, and is locked for as long as that lasts.
    """
    with connection.cursor() as cursor:
        cursor.execute(ADVANCE, [seen.timeline, seen.number])
        row = cursor.fetchone()
    return Place(*row) if row else None


def new_name() -> str:
    return secrets.token_hex(6)
