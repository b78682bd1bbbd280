"""A site that runs: its processes are kept up as by systemd, and can be signalled; its operator asks the database."""

import random
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psutil
import psycopg
import redis as redis_client

from bench.chaos.mail_server import MailServer
from bench.chaos.network import Backstage
from standalone import paths, site
from standalone.paths import Home
from standalone.supervision.interruption import Interruption
from standalone.supervision.process import Process
from tests.letters.senate_stub import SenateStub

RESTART_AFTER = 1.0  # seconds


@dataclass(kw_only=True)
class RunningSite(ABC):
    """What ends is started again after a second, unless a fault keeps it down. A subclass says what there is to run."""

    home: Home
    interruption: Interruption
    environment: dict[str, str]
    backstage: Backstage
    mail: MailServer
    senate: SenateStub
    release: Path = paths.ROOT  # the checkout whose code is started, with its own .venv
    url: str = ""  # of the database, for its owner, past whatever fails
    processes: dict[str, Process] = field(default_factory=dict)
    kept_down: set[str] = field(default_factory=set)
    ended_at: dict[str, float] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where visitors find the site."""
        return self.environment["SITE_URL"]

    @property
    @abstractmethod
    def servers(self) -> dict[str, Process]:
        """What is no part of the site itself, by name."""

    @property
    @abstractmethod
    def past_the_path(self) -> dict[str, str]:
        """The database's settings for both roles."""

    @abstractmethod
    def redis_client(self) -> redis_client.Redis: ...

    @property
    def python(self) -> str:
        return site.THIS_PYTHON if self.release == paths.ROOT else str(self.release / ".venv" / "bin" / "python")

    def of_release(self, process: Process) -> Process:
        """Have a process of this code run that of the release."""
        _python, *rest = process.command
        return replace(process, command=["env", f"--chdir={self.release}", self.python, *rest])

    # Processes

    def pause(self, seconds: float) -> None:
        """Wait, and start again what ended meanwhile."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.keep_up()
            self.interruption.pause(min(left, 0.2))

    def wait_until(self, is_true: Callable[[], bool], *, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while not is_true():
            if time.monotonic() > end:
                return False
            self.pause(0.3)
        return True

    def keep_up(self) -> None:
        now = time.monotonic()
        for name, process in {**self.processes, **self.servers}.items():
            if name in self.kept_down or process.is_running():
                self.ended_at.pop(name, None)
            elif now > self.ended_at.setdefault(name, now) + RESTART_AFTER:
                del self.ended_at[name]
                process.kill_all()
                process.start()

    def stop_site(self) -> None:
        for name, process in reversed(self.processes.items()):
            self.send_signal(name, signal.SIGCONT)
            process.stop()

    def family(self, name: str) -> list[psutil.Process]:
        """Return the process and all its children; none if it has ended."""
        running = {**self.processes, **self.servers}[name].running
        try:
            parent = psutil.Process(running.pid if running else -1)
            return [parent, *parent.children(recursive=True)]
        except (psutil.Error, ValueError):
            return []

    def send_signal(self, name: str, number: signal.Signals) -> None:
        """To the process and all its children, the parent first, so that it replaces none meanwhile."""
        for member in self.family(name):
            with suppress(psutil.Error):
                member.send_signal(number)

    def send_signal_to_child(self, name: str, number: signal.Signals, chance: random.Random) -> int:
        """To one child of the process; its number, or 0 if there is none."""
        children = self.family(name)[1:]
        if not children:
            return 0
        chosen = chance.choice(children)
        with suppress(psutil.Error):
            chosen.send_signal(number)
        return int(chosen.pid)

    def restart(self, name: str, environment: Mapping[str, str] | None = None) -> None:
        """Stop it in order and start it, in another environment if one is given."""
        process = self.processes[name]
        process.stop()
        if environment is not None:
            process.environment = environment
        process.start()

    def add(self, name: str, process: Process) -> None:
        self.processes[name] = process
        process.start()

    def remove(self, name: str) -> None:
        self.processes.pop(name).stop()

    # The database

    def execute(self, *statements: str) -> None:
        """As the operator, who may write when nobody else may."""
        with psycopg.connect(
            self.url, autocommit=True, connect_timeout=5, options="-c default_transaction_read_only=off"
        ) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def rows(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, autocommit=True, connect_timeout=5) as connection:
            return connection.execute(statement.encode(), parameters).fetchall()

    def has_database(self) -> bool:
        try:
            self.rows("SELECT 1")
        except psycopg.Error:
            return False
        return True

    # Programs

    def within(self, module: str, *arguments: str, given: str = "") -> str:
        """Run a module within the site's settings, past the paths; what it prints. It must succeed."""
        environment = {**self.environment, "DATABASE_URL": self.url}
        command = [self.python, "-m", "bench.within", module, *arguments]
        done = subprocess.run(
            command, input=given, capture_output=True, text=True, env=environment, cwd=self.release, check=False
        )
        if done.returncode:
            raise paths.Trouble(f"{module} failed:\n{done.stderr[-2000:]}")
        return done.stdout

    def manage(self, *arguments: str, **settings: str) -> None:
        environment = self.environment | self.past_the_path | settings
        process = self.of_release(site.manage_process(environment, self.home.log, *arguments))
        process.start()
        self.interruption.wait_until(lambda: not process.is_running(), seconds=300)
        process.stop()
        if process.exit_code():
            raise paths.Trouble(f"{arguments[0]} failed:\n{process.last_lines()}")
