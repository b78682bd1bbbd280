"""Django's PostgreSQL, with a cheaper way to learn that a kept connection has died.

Django asks `SELECT 1` before the first statement of every request. A connection that the server has ended, as when it
restarts, has something to read: the farewell, or the end. One that is silent is as good as it was, so nothing is asked.
"""

import select

import psycopg
from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        return self.connection is not None and (is_silent(self.connection) or super().is_usable())


def is_silent(connection: psycopg.Connection) -> bool:
    """Nothing can be read from it, not even its end."""
    if connection.closed:
        return False
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return not poll.poll(0)
