"""PostgreSQL: does it keep what it was told, and does its log keep nothing that it should not?"""

import time
from collections.abc import Iterator
from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from backoffice.doctor.findings import Asked, Finding, bad, good, look
from campaign.database import grants

OLDEST = 150_000  # PostgreSQL's own way to write version 15
CLOCKS_APART = 2.0  # seconds
CONNECTIONS = 60  # for one machine's processes and some hands
# A value that loses what was acknowledged, and what that means.
LOSES = {
    ("fsync", "off"): "a power cut can destroy the database",
    ("full_page_writes", "off"): "a power cut can destroy the database",
    ("synchronous_commit", "off"): "what the site has acknowledged can be lost",
}
# What keeps personal data out of its log, beside its default.
QUIET = {"log_parameter_max_length": "0", "log_parameter_max_length_on_error": "0", "log_error_verbosity": "terse"}


def check(asked: Asked) -> Iterator[Finding]:
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        yield bad(f"it cannot be reached: {str(error).splitlines()[0]}", "Look at DATABASE_URL and at the server.")
        return
    yield from version()
    yield from structure()
    yield from roles()
    yield from pooler()
    yield from encryption()
    yield from durability()
    yield from log()
    yield from clocks()


def version() -> Iterator[Finding]:
    number = connection.connection.info.server_version
    if number < OLDEST:
        yield bad(f"it is version {number // 10_000}", "PostgreSQL 15 or newer is needed.")
    else:
        yield good(f"PostgreSQL {number // 10_000}")


def structure() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield bad(f"{len(plan)} migrations are missing", "OWNER_DATABASE_URL=... manage.py migrate")
    else:
        yield good("every migration is applied")
    if shown("transaction_read_only") == "on":
        yield bad("it takes no writes", "It is a standby: DATABASE_URL must lead to the primary (docs/deploy.md).")


def roles() -> Iterator[Finding]:
    try:
        may_rewrite = grants.may_rewrite()
    except DatabaseError:
        return  # there is no table yet, which is said above
    if may_rewrite:
        yield bad(
            "the site's own role could rewrite the audit", "Part it from the owner's: docs/deploy.md, “Two roles”."
        )
    else:
        yield good("the site's role cannot rewrite the audit")


def pooler() -> Iterator[Finding]:
    """Behind one the server's number of the process is another than the one that was told at the start."""
    is_between = connection.connection.info.backend_pid != value("SELECT pg_backend_pid()")
    if is_between and not connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]:
        yield look(
            "a pooler stands before it",
            "With pool_mode = transaction, DATABASE_URL needs ?pooler=transaction; with session, nothing.",
        )


def encryption() -> Iterator[Finding]:
    is_local = connection.connection.info.host.startswith("/") or connection.connection.info.host in {
        "localhost",
        "127.0.0.1",
        "::1",
    }
    if not is_local and not value("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"):
        yield in_the_clear(connection.settings_dict["OPTIONS"].get("sslmode", ""))


def in_the_clear(sslmode: str) -> Finding:
    """Blame a connection without TLS, unless DATABASE_URL asks for it in so many words."""
    if sslmode == "disable":
        return look(
            "the connection to it is not encrypted, as DATABASE_URL says",
            "Right on a network that nobody else is on; else ?sslmode=verify-full.",
        )
    return bad("the connection to it is not encrypted", "Add ?sslmode=verify-full to DATABASE_URL.")


def durability() -> Iterator[Finding]:
    lost = [(name, why) for (name, wrong), why in LOSES.items() if shown(name) == wrong]
    for name, why in lost:
        yield bad(f"{name} is off: {why}", f"Set {name} = on in postgresql.conf.")
    if not lost:
        yield good("what it acknowledges is on the disk")
    if int(shown("max_connections")) < CONNECTIONS:
        yield look(
            f"max_connections is {shown('max_connections')}", "deploy/postgresql/campaign.conf has room for all."
        )


def log() -> Iterator[Finding]:
    loud = [name for name, quiet in QUIET.items() if shown(name) != quiet]
    loud += ["log_statement"] if shown("log_statement") in {"mod", "all"} else []
    if loud:
        yield look(f"its log may keep what people typed: {', '.join(loud)}", "See deploy/postgresql/campaign.conf.")
    else:
        yield good("its log keeps nothing of what people typed")


def clocks() -> Iterator[Finding]:
    apart = abs(time.time() - float(value("SELECT extract(epoch FROM clock_timestamp())")))
    if apart > CLOCKS_APART:
        yield bad(f"its clock and this machine's are {apart:.0f} seconds apart", "Have both keep time by NTP.")
    else:
        yield good("its clock and this machine's agree")


def shown(name: str) -> str:
    return str(value(f"SHOW {name}"))


def value(statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]
