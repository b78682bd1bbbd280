"""PostgreSQL servers of one's own, of which one takes writes and the others follow it."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg

from standalone import paths
from standalone.paths import Home
from standalone.servers import postgres, postgres_versions
from standalone.supervision.process import Process, wait_until


class PostgresServer:
    def __init__(self, home: Home) -> None:
        self.home = home
        self.process: Process | None = None

    def start(self) -> None:
        self.process = postgres.server(self.home, os.environ, finish)
        self.process.start()
        assert wait_until(lambda: postgres.is_ready(self.home), seconds=60), self.process.last_lines()

    def stop(self) -> None:
        if self.process:
            self.process.stop()

    def kill(self) -> None:
        """As a machine that loses its power would: its sessions, which are groups of their own, end with it."""
        assert self.process
        assert self.process.running
        server = psutil.Process(self.process.running.pid)
        for process in [server, *server.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):  # a session that has just ended by itself
                process.kill()
        self.process.running.wait()

    def follow(self, primary: "PostgresServer") -> None:
        """Begin as a copy of `primary`, and become its standby."""
        version = postgres_versions.choose(self.home, os.environ)
        folder = version.folder if version.is_of_machine else postgres_versions.of_wheel_in_reach(self.home)
        data = version.data(self.home)
        source: list[str | Path] = [
            "--host",
            primary.home.sockets,
            "--username",
            postgres.DATABASE_NAME,
            "--checkpoint",
            "fast",
        ]
        command: list[str | Path] = [
            folder / "pg_basebackup",
            *source,
            "--pgdata",
            data,
            "--write-recovery-conf",
            "--no-sync",
        ]
        environment = postgres.without_postgres_settings(os.environ)
        finish(Process("copy", command, environment, self.home.log / "copy.log", account=self.home.account))
        self.start()

    def promote(self) -> None:
        assert self.execute("SELECT pg_promote(true, 30)") == [(True,)]

    def be_read_only(self) -> None:
        """As a provider does before it switches over: sessions stay, and nothing is written any more."""
        self.execute("ALTER SYSTEM SET default_transaction_read_only TO on")
        self.execute("SELECT pg_reload_conf()")  # which it does a moment later
        assert wait_until(lambda: self.execute("SHOW default_transaction_read_only") == [("on",)], seconds=60)

    def execute(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        url = postgres.url(self.home, database)
        with psycopg.connect(url, autocommit=True) as connection:
            found = connection.execute(statement.encode())
            return found.fetchall() if found.description else []

    @property
    def is_followed_closely(self) -> bool:
        """Whether its standby has all that was written so far."""
        lag = "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), replay_lsn) = 0 FROM pg_stat_replication"
        return self.execute(lag) == [(True,)]

    @property
    def is_asked(self) -> bool:
        """Within the last two seconds, by the site. Threads that have nothing to do keep their connection."""
        return bool(
            self.execute(
                "SELECT 1 FROM pg_stat_activity"
                " WHERE application_name = 'campaign' AND state_change > now() - interval '2 seconds'"
            )
        )


def finish(process: Process) -> None:
    process.start()
    assert wait_until(lambda: not process.is_running(), seconds=120)
    assert process.exit_code() == 0, process.last_lines()


def urls_of(servers: list[PostgresServer]) -> dict[str, str]:
    """The settings for whichever of them takes writes."""
    hosts = ",".join(str(server.home.sockets) for server in servers)
    where = f"@/{postgres.DATABASE_NAME}?host={hosts}&target_session_attrs=read-write"
    roles = {"DATABASE_URL": postgres.APPLICATION, "OWNER_DATABASE_URL": postgres.DATABASE_NAME}
    return {name: f"postgresql://{role}{where}" for name, role in roles.items()}


@contextmanager
def postgres_servers(number: int) -> Iterator[list[PostgresServer]]:
    """None of them has been started."""
    with ExitStack() as stack:
        servers = [PostgresServer(stack.enter_context(paths.throw_away_home())) for _ in range(number)]
        yield servers
        for server in servers:
            server.stop()
