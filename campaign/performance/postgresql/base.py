"""Django's PostgreSQL, with a cheaper way to learn that a kept connection has died, and a limit on waiting.

Django asks `SELECT 1` before the first statement of every request. A connection that the server has ended, as when it
restarts, has something to read: the farewell, or the end. One that is silent is as good as it was, so nothing is asked.

If the path to the server itself has gone silent, a statement would wait for ever. In a process that sets
`DatabaseWrapper.limits_waiting`, as the web server and the relay do, it waits for `answer_timeout` seconds
(campaign/database/__init__.py), then its connection is closed and it fails.

A server that takes no writes any more, since it was demoted or its provider has switched it over, is left as soon as
that is known: PostgreSQL tells every session when it changes. The next connection goes to the primary, if the URL names
it (`target_session_attrs=read-write`). While there is none the web server reads from whichever is there.
"""

import select
import time
from typing import Any

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql import base
from psycopg.abc import RV, PQGen

RECONNECT_SECONDS = 1.0  # without a try to connect, after one that timed out
SEEK_PRIMARY_SECONDS = 1.0  # from one look for a server that takes writes to the next
READ_ONLY = "in_hot_standby", "default_transaction_read_only"  # what a server says of itself, unasked


class DatabaseSilent(psycopg.OperationalError):
    """None came from the server in the time that there is."""


TIMEOUTS = DatabaseSilent, psycopg.errors.ConnectionTimeout, psycopg.errors.QueryCanceled


class PathToServer:
    """What the threads of this process know of the way to the server."""

    silent_at = float("-inf")  # when an answer was last missed

    @classmethod
    def note_silence(cls) -> None:
        cls.silent_at = time.monotonic()

    @classmethod
    def is_paused(cls) -> bool:
        """Nobody tries just now: else each would wait as long as the one before."""
        return time.monotonic() < cls.silent_at + RECONNECT_SECONDS


class Primary:
    """What the threads of this process know of a server that takes writes."""

    missed_at = float("-inf")  # when the last connection was to none that does

    @classmethod
    def note(cls, connection: psycopg.Connection) -> None:
        cls.missed_at = time.monotonic() if is_read_only(connection) else float("-inf")

    @classmethod
    def is_missing(cls) -> bool:
        """Return whether none was found a moment ago, so that looking again would only take time."""
        return time.monotonic() < cls.missed_at + SEEK_PRIMARY_SECONDS


class Connection(psycopg.Connection):
    """Of a process that limits its waiting."""

    answer_timeout: float | None = None
    made_at = 0.0

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """Close the connection if nothing comes in time: what comes later would be taken for the next answer."""
        try:
            return super().wait(gen, interval, self.answer_timeout if timeout is None else timeout)
        except psycopg.errors._WaitTimeout:  # noqa: SLF001  # what it raises has no other name
            if timeout is not None:
                raise
            PathToServer.note_silence()
            self.close()
            raise DatabaseSilent("the database did not answer in time") from None

    @property
    def is_suspect(self) -> bool:
        """It is older than the last silence, so what it passes through may not pass anything any more."""
        return self.made_at < PathToServer.silent_at


class DatabaseWrapper(base.DatabaseWrapper):
    limits_waiting = False

    @property
    def is_pooled(self) -> bool:
        """Return whether a pooler is in between, which may report a state of the server that is long over."""
        return bool(self.settings_dict["OPTIONS"]["pooler"])

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        params.pop("answer_timeout")
        params.pop("pooler")
        limits = {name: params.pop(name) for name in ("statement_timeout", "lock_timeout")}
        if self.limits_waiting:
            settings = [f"-c {name}={seconds * 1000:.0f}" for name, seconds in limits.items() if seconds]
            params["options"] = " ".join([params.get("options", ""), *settings]).strip()
        return {name: value for name, value in params.items() if (name, value) != ("options", "")}

    def get_new_connection(self, conn_params: dict[str, Any]) -> psycopg.Connection:
        connection: Any
        if not self.limits_waiting:
            connection = super().get_new_connection(conn_params)
            Primary.note(connection)
            return connection
        if PathToServer.is_paused():
            raise DatabaseSilent("the database did not answer a moment ago")
        try:
            connection = self.reach(conn_params)
        except psycopg.errors.ConnectionTimeout:
            PathToServer.note_silence()
            raise
        Primary.note(connection)
        connection.__class__ = Connection  # Django asks psycopg for one, and names the class nowhere
        connection.answer_timeout = self.settings_dict["OPTIONS"]["answer_timeout"] or None
        connection.made_at = time.monotonic()
        return connection

    def reach(self, params: dict[str, Any]) -> psycopg.Connection:
        """Connect to the server that the URL asks for, or, while there is none, to one that can at least be read."""
        if params.get("target_session_attrs") not in {"read-write", "primary"}:
            return super().get_new_connection(params)
        if not Primary.is_missing():
            try:
                return super().get_new_connection(params)
            except psycopg.errors.ConnectionTimeout:
                raise  # the next look would take as long, and whoever waits is to be told soon
            except psycopg.OperationalError:
                pass
        return super().get_new_connection({**params, "target_session_attrs": "any"})

    def is_usable(self) -> bool:
        if self.connection is None or getattr(self.connection, "is_suspect", False):
            return False
        if not self.is_pooled and is_read_only(self.connection):
            return Primary.is_missing() and is_silent(self.connection)
        if self.errors_occurred:
            return self.takes_writes()
        return is_silent(self.connection) or super().is_usable()

    def takes_writes(self) -> bool:
        """Ask the server whether it takes writes; return False also if it does not answer."""
        try:
            with self.connection.cursor() as cursor:
                return cursor.execute("SHOW transaction_read_only").fetchone() == ("off",)
        except psycopg.Error:
            return False


def leave_unusable(kept: BaseDatabaseWrapper) -> None:
    """Close a kept connection that is of no use any more, for loops that are no requests and meet no error."""
    if kept.connection is not None and not kept.in_atomic_block and not kept.is_usable():
        kept.close()


def is_read_only(connection: psycopg.Connection) -> bool:
    """Return whether the server has said that it takes no writes."""
    return any(connection.info.parameter_status(name) == "on" for name in READ_ONLY)


def is_silent(connection: psycopg.Connection) -> bool:
    """Nothing can be read from it, not even its end."""
    if connection.closed:
        return False
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return not poll.poll(0)
