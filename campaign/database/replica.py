"""Long reads from a standby, so that the primary is left to those who sign: what REPLICA_URL is for.

Only what may be read as it is committed now, and writes nothing: pages and requests never come here.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from campaign.database.owner import as_owner, connected_to

COMMITTED = "SELECT pg_current_wal_flush_lsn()"
HAS_ALL = "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn"  # null on a server that is no standby
PATIENCE = 60.0  # seconds for the standby to get what is committed; usually it takes none
TRY_SECONDS = 0.2  # between two looks


class ReplicaBehind(Exception):
    """The standby lacks what is committed; in words for whoever runs the server."""


@contextmanager
def on_replica() -> Iterator[None]:
    """Be connected to the standby that REPLICA_URL names, once it has all that is committed now.

    Where none is named, or the one that is named has become the primary, be connected as the owner. Raises
    ReplicaBehind.
    """
    if not settings.REPLICA_DATABASE:
        with as_owner():
            yield
        return
    committed = str(asked(COMMITTED))
    with connected_to(settings.REPLICA_DATABASE):
        if is_standby := has_all(committed):
            yield
    if not is_standby:
        with as_owner():
            yield


def has_all(committed: str) -> bool:
    """Wait for this server to have it; return False if it is no standby. Raises ReplicaBehind."""
    deadline = time.monotonic() + PATIENCE
    while (found := asked(HAS_ALL, committed)) is False:
        if time.monotonic() > deadline:
            raise ReplicaBehind(f"the standby of REPLICA_URL lacks what was committed {PATIENCE:.0f} seconds ago")
        time.sleep(TRY_SECONDS)
    return bool(found)


def asked(statement: str, *parameters: str) -> str | bool | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        (found,) = cursor.fetchone()
        return found
