"""The site on servers of its own, made for one measurement and gone after it, and as durable as in production."""

import asyncio
import multiprocessing
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import psycopg

from bench.load import loop
from bench.load.client import Pool
from bench.load.loop import Load, Requests
from bench.load.sink import Sink
from standalone import dev_secrets, paths, run, site
from standalone.paths import Home
from standalone.ports import unused_port
from standalone.servers import services
from standalone.supervision.interruption import Interruption
from standalone.supervision.process import Process
from standalone.supervision.supervisor import Supervisor

HOST = "localhost"


@dataclass
class Stage:
    home: Home
    environment: Mapping[str, str]
    sink: Sink
    interruption: Interruption

    def measure(self, port: int, requests: Requests, *, connections: int, seconds: float) -> Load:
        """In a process of its own, so that the client waits for nothing but answers."""
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            result = pool.apply_async(loop.prepared_and_driven, (port, requests, connections, seconds))
            self.interruption.wait_until(result.ready, seconds=seconds + 60)
            return result.get(0)

    @contextmanager
    def playing(self, *processes: Process) -> Iterator[None]:
        """These run meanwhile; not started again if one ends."""
        try:
            for process in processes:
                process.start()
            yield
        finally:
            for process in reversed(processes):
                process.stop()

    @contextmanager
    def web(self, application: str = "campaign.wsgi", path: str = "/readyz", port: int = 0) -> Iterator[int]:
        """The port on which the application server serves, as the site is served."""
        port = port or int(self.environment["PORT"])
        process = site.web(self.environment, self.home.log, port, application)
        with self.playing(process):
            if not self.interruption.wait_until(lambda: is_served(port, path), seconds=30):
                raise paths.Trouble(f"{application} does not answer:\n{process.last_lines()}")
            yield port

    def mail_workers(self) -> list[Process]:
        log = self.home.log
        return [
            site.worker(self.environment, log),
            site.beat(self.environment, log),
            site.relay_process(self.environment, log),
        ]

    def manage(self, *arguments: str, **settings: str) -> int:
        """The exit code; what the command said is printed if it failed."""
        process = site.manage_process({**self.environment, **settings}, self.home.log, *arguments)
        with self.playing(process):
            self.interruption.wait_until(lambda: not process.is_running(), seconds=300)
        if process.exit_code():
            print(process.last_lines())
        return process.exit_code() or 0

    def run(self, module: str, *arguments: str) -> None:
        """Within the site's settings; it must succeed."""
        subprocess.run(self.within(module, *arguments), env=dict(self.environment), cwd=paths.ROOT, check=True)

    def output(self, module: str, *arguments: str) -> bytes:
        """What it prints, run within the site's settings; it must succeed."""
        return subprocess.check_output(self.within(module, *arguments), env=dict(self.environment), cwd=paths.ROOT)

    def measured(self, *arguments: str) -> tuple[float, float]:
        """Seconds and megabytes that `python ARGUMENTS` took; it must succeed."""
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *arguments],
            env=dict(self.environment),
            cwd=paths.ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise paths.Trouble(f"{' '.join(arguments[:2])} failed")
        return time.perf_counter() - began, usage.ru_maxrss / 1024

    def within(self, module: str, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "bench.within", module, *arguments]

    def ask_often(self, port: int, request: bytes, times: int) -> list[bytes]:
        """The bodies, over as many connections, so that each process of the server has its say."""
        return asyncio.run(self.bodies(port, request, times))

    async def bodies(self, port: int, request: bytes, times: int) -> list[bytes]:
        pool = Pool(port)
        return [body for _status, body in await asyncio.gather(*(pool.exchange(request) for _ in range(times)))]

    def value(self, statement: str, *parameters: object) -> int:
        rows = self.rows(statement, *parameters)
        return int(rows[0][0]) if rows else 0

    def rows(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.environment["DATABASE_URL"], autocommit=True) as connection:
            return connection.execute(statement.encode(), parameters).fetchall()

    def execute(self, *statements: str) -> None:
        with psycopg.connect(self.environment["DATABASE_URL"], autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())


def is_served(port: int, path: str) -> bool:
    """Any answer will do: the smallest site knows only posts."""
    return run.is_ok(port, path) if path else is_listening(port)


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def stage() -> Iterator[Stage]:
    """PostgreSQL and Redis run; the database is migrated and has the first content."""
    sink, interruption = Sink(), Interruption()
    with paths.throw_away_home() as temporary, Supervisor(interruption) as supervisor:
        home = replace(temporary, is_durable=True)
        urls = services.start(supervisor, home, {"PATH": os.environ["PATH"]})
        environment = surroundings(sink.start()) | urls | {"JOURNAL_FOLDER": str(home.log / "journal")}
        the_stage = Stage(home, environment, sink, interruption)
        for command in (["migrate"], ["collectstatic", "--noinput"], ["seed_demo"]):
            if the_stage.manage(*command, DEMO="1"):  # for a petition with a key, which then stands on a real site
                raise paths.Trouble(f"{command[0]} failed")
        yield the_stage
        sink.stop()


def surroundings(mail_port: int) -> dict[str, str]:
    """As in production behind a proxy on the same machine."""
    port = unused_port()
    return {
        **{name: os.environ[name] for name in ("PATH", "HOME", "TZ") if name in os.environ},
        **dev_secrets.new_keys(),
        "DJANGO_SETTINGS_MODULE": "campaign.settings",
        "DEBUG": "0",
        "DEMO": "0",
        "PORT": str(port),
        "SITE_URL": f"http://{HOST}:{port}",
        "ALLOWED_HOSTS": f"{HOST},127.0.0.1",
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        "DEFAULT_FROM_EMAIL": "campaign@example.org",
        "TRUSTED_PROXIES": "127.0.0.1",
    }
