"""PostgreSQL's own programs: the archive of a snapshot, and back.

They connect as whoever the current connection is; the password goes through the environment, where other accounts of
the machine cannot read it.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, transaction
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from campaign.backups.encrypted_file import EncryptedReader, EncryptedWriter

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
MIGRATIONS = "SELECT app, max(name) FROM django_migrations GROUP BY app ORDER BY app"
IS_OF_OWNER = "SELECT pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = current_database()"
DEBIAN = Path("/usr/lib/postgresql")
# What every version of PostgreSQL's programs understands; the site's own library may be newer, and say more.
KNOWN_TO_ALL = {
    *["host", "hostaddr", "port", "dbname", "user", "connect_timeout", "target_session_attrs"],
    *["sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl"],
}
COPIED_AT_A_TIME = 1 << 20  # bytes
# Whose rows a dump leaves out: counts of the last minutes, of which nothing should remain.
UNLOGGED = "SELECT relname FROM pg_class WHERE relpersistence = 'u' AND relkind = 'r'"

# By what a server ends a session whose transaction takes long, and the first version that has it.
LIMITS = {"statement_timeout": 15, "idle_in_transaction_session_timeout": 15, "transaction_timeout": 17}


class ProgramFailed(Exception):
    """One of PostgreSQL's programs is missing or failed; in words for whoever runs the server."""


@contextmanager
def snapshot() -> Iterator[str]:
    """Hold the database as it is at this moment, in this connection's transaction; yield the snapshot's name.

    The transaction has nothing to do while another program copies, however long that takes.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for name in (name for name, first in LIMITS.items() if first <= server_version()):
            cursor.execute(sql.SQL("SET LOCAL {} = 0").format(sql.Identifier(name)))
        cursor.execute("SELECT pg_export_snapshot()")
        (exported,) = cursor.fetchone()
        yield str(exported)


def count_rows() -> dict[str, int]:
    """Count the rows of each table that a dump holds. The cost grows with the database: each is read once."""
    with connection.cursor() as cursor:
        cursor.execute(UNLOGGED)
        unlogged = {name for (name,) in cursor.fetchall()}
        cursor.execute(TABLES)
        names = [name for (name,) in cursor.fetchall() if name not in unlogged]
        counts = {}
        for name in names:
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)))
            counts[name] = int(cursor.fetchone()[0])
    return counts


def newest_migrations() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(MIGRATIONS)
        return dict(cursor.fetchall())


def is_empty() -> bool:
    """Return whether the database has no table yet."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        return cursor.fetchone() is None


def is_of_owner() -> bool:
    """Return whether this role owns the database, or is as good as its owner."""
    with connection.cursor() as cursor:
        cursor.execute(IS_OF_OWNER)
        return bool(cursor.fetchone()[0])


def write_dump(target: EncryptedWriter, snapshot_name: str) -> int:
    """Write the archive of the snapshot; return its bytes. Raises ProgramFailed."""
    options = ("--format=custom", "--no-owner", "--no-privileges", "--no-unlogged-table-data")
    with program("pg_dump", *options, f"--snapshot={snapshot_name}") as dump:
        assert dump.stdout
        written = 0
        while piece := dump.stdout.read(COPIED_AT_A_TIME):
            target.write(piece)
            written += len(piece)
    return written


def read_dump(source: EncryptedReader) -> None:
    """Fill the empty database from an archive, whole or not at all. Raises ProgramFailed."""
    options = ("--no-owner", "--no-privileges", "--no-comments", "--exit-on-error", "--single-transaction")
    with program("pg_restore", *options) as restore:
        assert restore.stdin
        shutil.copyfileobj(source, restore.stdin, COPIED_AT_A_TIME)
        restore.stdin.close()


@contextmanager
def program(name: str, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program of PostgreSQL's on this database, with pipes. Raises ProgramFailed if it fails."""
    where, secret = connected_to()
    command: Sequence[str | Path] = [found(name), *options, f"--dbname={where}"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env={**os.environ, **secret}) as process:
        try:
            yield process
        except BrokenPipeError:
            pass  # it ended early, and says why
        except BaseException:
            process.kill()
            raise
        assert process.stderr
        said = process.stderr.read().decode(errors="replace").strip()
    if process.returncode:
        raise ProgramFailed(f"{name}: {said or f'ended with {process.returncode}'}")


def connected_to() -> tuple[str, dict[str, str]]:
    """Return how another program reaches this database, and what of that only its environment may say."""
    connection.ensure_connection()
    info = connection.connection.info
    known = {name: value for name, value in conninfo_to_dict(info.dsn).items() if name in KNOWN_TO_ALL}
    return make_conninfo("", **known), {"PGPASSWORD": info.password} if info.password else {}


def found(name: str) -> Path:
    """Return the program, not older than the server, which would refuse it. Raises ProgramFailed."""
    needed = server_version()
    folders = [*folder_of_server(), *map(str, sorted(DEBIAN.glob("*/bin"), reverse=True))]
    folders += os.environ.get("PATH", "").split(os.pathsep)
    candidates = [candidate for folder in folders if (candidate := shutil.which(name, path=folder))]
    for candidate in candidates:
        if major_version(candidate) >= needed:
            return Path(candidate)
    older = f" ({candidates[0]} is older)" if candidates else ""
    raise ProgramFailed(
        f"{name} of PostgreSQL {needed} is not on this machine{older}: install postgresql-client-{needed}"
    )


def server_version() -> int:
    """Return the major version of the server that this connection leads to."""
    connection.ensure_connection()
    return int(connection.connection.info.server_version) // 10_000


def folder_of_server() -> list[str]:
    """Return where the server's own programs are, if it tells this role; they help if it runs on this machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_function_privilege('pg_config()', 'EXECUTE')")
        if cursor.fetchone() != (True,):
            return []
        cursor.execute("SELECT setting FROM pg_config WHERE name = 'BINDIR'")
        return [folder for (folder,) in cursor.fetchall()]


def major_version(path: str) -> int:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.search(r"(\d+)", said)
    return int(version[1]) if version else 0
