"""PostgreSQL stopped, killed, frozen, cut off, read-only, full, or replaced by its replica."""

import shutil
import signal
import subprocess
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psycopg

from bench.chaos.faults.base import Fault
from standalone.supervision.process import Process

OF_SITE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'campaign'"


class DatabaseFault(Fault):
    repeats_mail = True  # a mail that was sent cannot be noted


class PostgresStopped(DatabaseFault):
    """At once, without a word to its clients; started again when it is healed."""

    name = "postgres-stopped"
    number = signal.SIGQUIT

    def inject(self) -> None:
        self.stack.kept_down.add("postgres")
        self.stack.send_signal("postgres", self.number)

    def heal(self) -> None:
        self.stack.kept_down.discard("postgres")


class PostgresKilled(PostgresStopped):
    """All its processes, so that it must recover from its log."""

    name = "postgres-killed"
    number = signal.SIGKILL


class PostgresFrozen(DatabaseFault):
    name = "postgres-frozen"
    seconds = (15.0, 25.0)

    def inject(self) -> None:
        self.stack.send_signal("postgres", signal.SIGSTOP)

    def heal(self) -> None:
        self.stack.send_signal("postgres", signal.SIGCONT)


class BackendsTerminated(DatabaseFault):
    name = "backends-terminated"
    every = 2.0

    def inject(self) -> None:
        self.again()

    def again(self) -> None:
        self.stack.rows(OF_SITE)


class DatabaseReadOnly(DatabaseFault):
    """As a provider does when storage runs low."""

    name = "database-read-only"

    def inject(self) -> None:
        self.stack.execute("ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()")

    def heal(self) -> None:
        self.stack.execute("ALTER SYSTEM RESET default_transaction_read_only", "SELECT pg_reload_conf()")


class OutOfConnections(DatabaseFault):
    """Another client takes every connection, and those of the site when it ends them."""

    name = "database-out-of-connections"
    every = 3.0

    def inject(self) -> None:
        self.held: list[psycopg.Connection] = []
        self.again()

    def again(self) -> None:
        self.take_all()
        if self.held:
            with suppress(psycopg.Error):
                self.held[0].execute(OF_SITE)
            self.take_all()

    def take_all(self) -> None:
        with suppress(psycopg.OperationalError):
            while True:
                self.held.append(psycopg.connect(self.stack.url, autocommit=True, connect_timeout=5))

    def heal(self) -> None:
        for connection in self.held:
            connection.close()


class DiskFull(DatabaseFault):
    """The disk with the database's data and its log."""

    name = "database-disk-full"
    needs_small_disk = True

    def obstacle(self) -> str:
        return "" if self.stack.has_small_disk else "no disk can be mounted here"

    @property
    def ballast(self) -> Path:
        return self.stack.home.data / "ballast"

    def inject(self) -> None:
        self.again()

    def again(self) -> None:
        """Fill what is left, and use up the files that PostgreSQL has laid by for its log."""
        with suppress(OSError), self.ballast.open("ab") as file:
            while True:
                file.write(bytes(1 << 20))
                file.flush()
        with suppress(psycopg.Error):
            for _file in range(5):
                self.stack.rows("SELECT pg_switch_wal() FROM pg_logical_emit_message(false, 'chaos', 'something')")

    def heal(self) -> None:
        self.ballast.unlink()


class ReplicaPromoted(DatabaseFault):
    """The server is lost, and its synchronous replica takes its place at the end of the path."""

    name = "replica-promoted"
    every = 60.0

    def obstacle(self) -> str:
        program = Path(str(self.stack.postgres.command[0])).parent / "pg_basebackup"
        return "" if program.exists() else "no pg_basebackup beside this PostgreSQL"

    def inject(self) -> None:
        stack, server = self.stack, self.stack.postgres
        number = len(list(stack.home.data.glob("replica-*"))) + 1
        data, port = stack.home.data / f"replica-{number}", 5432 + number
        self.copy_to(data)
        program, *_rest = server.command
        settings = [str(word) for word in server.command[3:] if "=" in str(word) and not str(word).startswith("port=")]
        flags = [word for setting in [*settings, f"port={port}"] for word in ("-c", setting)]
        replica = replace(server, command=[program, "-D", data, *flags])
        replica.start()
        url = stack.url.replace(f"&port={port - 1}", "") + f"&port={port}"
        assert stack.wait_until(lambda: answers(url), seconds=60), replica.last_lines()
        stack.execute("ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()")
        stack.pause(5)  # under load, with every commit on both
        stack.kept_down.add("postgres")
        stack.send_signal("postgres", signal.SIGKILL)
        server.stop()
        stack.postgres, stack.url = replica, url
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("SELECT pg_promote()")
        stack.backstage.call(stack.database_path.lead_to, stack.home.sockets / f".s.PGSQL.{port}")
        stack.kept_down.discard("postgres")

    def copy_to(self, data: Path) -> None:
        stack, server = self.stack, self.stack.postgres
        program = Path(str(server.command[0])).parent / "pg_basebackup"
        command: list[str | Path] = [program, "-D", data, "-R", "-X", "stream", "-c", "fast", "-d", stack.url]
        log = stack.home.log / "copy.log"
        copying = Process("pg_basebackup", command, server.environment, log, account=server.account)
        copying.start()
        stack.wait_until(lambda: not copying.is_running(), seconds=120)
        assert copying.exit_code() == 0, copying.last_lines()


def answers(url: str) -> bool:
    with suppress(psycopg.Error), psycopg.connect(url, connect_timeout=2):
        return True
    return False


class DatabasePathSilent(DatabaseFault):
    name = "database-path-silent"
    seconds = (15.0, 25.0)

    def inject(self) -> None:
        self.stack.backstage.call(self.stack.database_path.fall_silent)

    def heal(self) -> None:
        self.stack.backstage.call(self.stack.database_path.mend)


class DatabasePathCut(DatabaseFault):
    name = "database-path-cut"
    every = 2.0

    def inject(self) -> None:
        self.again()

    def again(self) -> None:
        self.stack.backstage.call(self.stack.database_path.cut)


class DatabasePathSlow(DatabaseFault):
    name = "database-path-slow"

    def inject(self) -> None:
        self.stack.database_path.delay = self.chance.uniform(0.02, 0.06)

    def heal(self) -> None:
        self.stack.backstage.call(self.stack.database_path.mend)


class DumpRestored(DatabaseFault):
    """An older dump takes the place of the database, as after a disaster.

    It is off: the checker would call lost what was signed after the dump, which no journal brings back.
    `tests/system/test_restored_backup.py` shows what the journal does.
    """

    name = "dump-restored"
    every = 60.0
    site = ("web", "worker", "worker-2", "relay", "beat")

    def obstacle(self) -> str:
        return "what was signed after the dump is lost by definition (tests/system/test_restored_backup.py)"

    def inject(self) -> None:
        folder = Path(str(self.stack.postgres.command[0])).parent
        dump = self.stack.home.log / "older.dump"
        run(folder / "pg_dump", "--format=custom", f"--file={dump}", self.stack.url)
        self.stack.pause(10)
        self.stack.kept_down |= set(self.site)
        for name in self.site:
            self.stack.processes[name].stop()
        run(folder / "pg_restore", "--clean", "--if-exists", f"--dbname={self.stack.url}", str(dump))
        self.stack.manage("reconcile")
        self.stack.kept_down -= set(self.site)


def run(program: Path, *arguments: str) -> None:
    found = program if program.exists() else shutil.which(program.name)
    subprocess.run([str(found), *arguments], check=True, capture_output=True)


FAULTS = (
    PostgresStopped, PostgresKilled, PostgresFrozen, BackendsTerminated, DatabaseReadOnly, OutOfConnections, DiskFull,
    ReplicaPromoted, DatabasePathSilent, DatabasePathCut, DatabasePathSlow, DumpRestored,
)  # fmt: skip
