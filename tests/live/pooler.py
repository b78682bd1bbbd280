"""PgBouncer in transaction mode before the tests' PostgreSQL: each transaction may have another connection."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from standalone.paths import Home
from standalone.supervision.process import Process, wait_until
from tests.live.lacking import lacking

PORT = 6432  # of a unix socket
CONFIGURATION = """
[databases]
{name} = host={host} port={port} user={user}
[pgbouncer]
listen_port = {own_port}
unix_socket_dir = {folder}
auth_type = any
pool_mode = transaction
default_pool_size = {size}
max_client_conn = 500
"""


@contextmanager
def pooler(home: Home, url: str, size: int) -> Iterator[tuple[str, Process]]:
    """The URL of the same database through a pool of `size` connections, and the process that keeps it."""
    program = find_program()
    with psycopg.connect(url) as connection:
        info = connection.info
        place = {"name": info.dbname, "host": info.host, "port": info.port, "user": info.user}
    configuration = home.sockets / "pgbouncer.ini"
    configuration.write_text(CONFIGURATION.format(**place, own_port=PORT, folder=home.sockets, size=size))
    configuration.chmod(0o644)
    log = home.log / "pgbouncer.log"
    process = Process("pgbouncer", [program, configuration], {"PATH": os.environ["PATH"]}, log, account=home.account)
    process.start()
    through = f"postgresql://{place['user']}@/{place['name']}?host={home.sockets}&port={PORT}"
    assert wait_until(lambda: answers(through), seconds=60), process.last_lines()
    yield through, process
    process.stop()


def find_program() -> Path:
    found = shutil.which("pgbouncer", path=f"{os.environ['PATH']}{os.pathsep}/usr/sbin")
    if not found:
        lacking("PgBouncer")
    return Path(found)


def answers(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=2):
            return True
    except psycopg.OperationalError:
        return False
