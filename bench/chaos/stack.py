"""The servers and processes of the site, each of which can be killed, frozen, slowed or doubled while people use it.

What ends is started again after a second, as systemd does it on a real server, unless a fault keeps it down.
"""

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psutil
import psycopg
import redis as redis_client

from bench.chaos.mail_server import MailServer
from bench.chaos.network import Backstage, NetworkPath
from bench.letters.senate import settings as settings_for
from bench.stage import surroundings
from standalone import paths, run, site
from standalone.paths import Home
from standalone.ports import unused_port
from standalone.servers import postgres, redis
from standalone.supervision.interruption import Interruption
from standalone.supervision.process import Process
from standalone.supervision.supervisor import Supervisor
from tests.letters.senate_stub import SenateStub

RESTART_AFTER = 1.0  # seconds
START = 90.0  # seconds for the whole site
DISK = 1 << 30  # bytes of the small disk
WAYS_TO_OFFICES = (
    """
    UPDATE letters_office
    SET email = lower(bioguide) || '@office.example', email_given_by = 'a test', email_given_on = now()
    WHERE state = 'NM'
    """,
    """
    INSERT INTO letters_channelstatus (name, paused_because, open_offices, offices_at)
    VALUES ('senate_api', '', '["STX01", "STX02"]', now())
    ON CONFLICT (name) DO UPDATE SET open_offices = excluded.open_offices, offices_at = now()
    """,
)


@dataclass
class Stack:
    home: Home
    interruption: Interruption
    environment: dict[str, str]
    backstage: Backstage
    mail: MailServer
    database_path: NetworkPath
    redis_path: NetworkPath
    mail_path: NetworkPath
    postgres: Process
    redis: Process
    senate: SenateStub
    has_small_disk: bool = False
    url: str = ""  # of the database, past the path
    processes: dict[str, Process] = field(default_factory=dict)
    kept_down: set[str] = field(default_factory=set)
    ended_at: dict[str, float] = field(default_factory=dict)

    @property
    def port(self) -> int:
        return int(self.environment["PORT"])

    @property
    def servers(self) -> dict[str, Process]:
        return {"postgres": self.postgres, "redis": self.redis}

    # Processes

    def start_site(self) -> None:
        log, environment = self.home.log, self.environment
        self.processes = {
            "web": site.web(environment, log, self.port),
            "worker": site.worker(environment, log, concurrency=2),
            "worker-2": replace(site.worker(environment, log, concurrency=2), name="worker-2"),
            "relay": site.relay_process(environment, log),
            "beat": site.beat(environment, log),
        }
        for name, process in self.processes.items():
            if name == "worker-2":  # two of one name on one machine would take each other for the same
                process.command = [*process.command, "--hostname", "second@%h"]
            process.start()
        if not self.interruption.wait_until(self.answers, seconds=START):
            raise paths.Trouble(f"the site does not answer:\n{self.processes['web'].last_lines()}")

    def answers(self) -> bool:
        return run.answers(self.port)

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

    # The database, past the path

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

    def redis_client(self) -> redis_client.Redis:
        return redis_client.Redis.from_url(redis.url(self.home), socket_timeout=5)

    # Programs

    def within(self, module: str, *arguments: str, given: str = "") -> str:
        """Run a module within the site's settings, past the paths; what it prints. It must succeed."""
        environment = {**self.environment, "DATABASE_URL": self.url}
        command = [site.THIS_PYTHON, "-m", "bench.within", module, *arguments]
        done = subprocess.run(
            command, input=given, capture_output=True, text=True, env=environment, cwd=paths.ROOT, check=False
        )
        if done.returncode:
            raise paths.Trouble(f"{module} failed:\n{done.stderr[-2000:]}")
        return done.stdout

    @property
    def past_the_path(self) -> dict[str, str]:
        """The database's settings for both roles."""
        application = self.url.replace(postgres.DATABASE_NAME, postgres.APPLICATION, 1)
        return {"DATABASE_URL": application, "OWNER_DATABASE_URL": self.url}

    def manage(self, *arguments: str, **settings: str) -> None:
        process = site.manage_process(self.environment | self.past_the_path | settings, self.home.log, *arguments)
        process.start()
        self.interruption.wait_until(lambda: not process.is_running(), seconds=300)
        process.stop()
        if process.exit_code():
            raise paths.Trouble(f"{arguments[0]} failed:\n{process.last_lines()}")


@contextmanager
def stack(seed: int, *, wants_small_disk: bool = False) -> Iterator[Stack]:
    """All of it, gone afterwards: New Mexico's senators get letters by mail, those of Texas by the Senate's system."""
    interruption, backstage = Interruption(), Backstage()
    with paths.throw_away_home() as temporary, Supervisor(interruption) as supervisor:
        home = replace(temporary, is_durable=True)
        with small_disk(home, is_wanted=wants_small_disk) as has_small_disk:
            servers = [
                postgres.server(home, {"PATH": os.environ["PATH"]}, supervisor.run),
                redis.server(home, {"PATH": os.environ["PATH"]}),
            ]
            made = set_up(home, interruption, backstage, servers, seed)
            made.has_small_disk = has_small_disk
            try:
                begin(made)
                yield made
            finally:
                made.stop_site()
                for name, server in made.servers.items():
                    made.send_signal(name, signal.SIGCONT)
                    server.stop()
                made.senate.stop()
                backstage.stop()


def set_up(home: Home, interruption: Interruption, backstage: Backstage, servers: list[Process], seed: int) -> Stack:
    mail = MailServer(random.Random(seed))
    backstage.do(mail.start())
    database_path = NetworkPath(home.sockets / ".s.PGSQL.5432")
    redis_path, mail_path = NetworkPath(redis.socket(home)), NetworkPath(mail.port)
    for path in (database_path, redis_path, mail_path):
        backstage.do(path.start())
    senate = SenateStub(unused_port(), home.log)
    senate.offices = ["STX01", "STX02"]
    senate.start()
    environment = (
        surroundings(mail_path.port)
        | settings_for(senate)
        | {
            "DATABASE_URL": f"postgresql://{postgres.APPLICATION}@127.0.0.1:{database_path.port}/{postgres.DATABASE_NAME}",
            "REDIS_URL": f"redis://127.0.0.1:{redis_path.port}/0",
            "STATIC_FOLDER": str(home.log / "static"),
            "MEDIA_FOLDER": str(home.log / "media"),
            "KEY_FOLDER": str(home.log / "keys"),
            "LETTER_CHANNELS": "senate_api,email",
            "LETTER_WITHDRAWAL_MINUTES": "1",
        }
    )
    return Stack(
        home=home,
        interruption=interruption,
        environment=environment,
        backstage=backstage,
        mail=mail,
        database_path=database_path,
        redis_path=redis_path,
        mail_path=mail_path,
        postgres=servers[0],
        redis=servers[1],
        senate=senate,
        url=postgres.url(home),
    )


def begin(stack: Stack) -> None:
    for server in stack.servers.values():
        server.start()
    if not stack.interruption.wait_until(lambda: postgres.is_ready(stack.home), seconds=60):
        raise paths.Trouble(f"PostgreSQL does not answer:\n{stack.postgres.last_lines()}")
    postgres.make_database(stack.home)
    for command in (["migrate"], ["collectstatic", "--noinput"], ["seed_demo"]):
        stack.manage(*command, DEMO="1")  # for a petition with a key, which then stands on a real site
    stack.execute(*WAYS_TO_OFFICES)
    stack.start_site()


@contextmanager
def small_disk(home: Home, *, is_wanted: bool) -> Iterator[bool]:
    """Put the database's data on a disk of its own that can be filled, where this machine lets us; whether it did."""
    if not is_wanted or os.geteuid() != 0 or not shutil.which("mkfs.ext4"):
        yield False
        return
    image = home.log / "disk.img"
    with image.open("wb") as file:
        file.truncate(DISK)
    made = subprocess.run(["mkfs.ext4", "-q", "-m", "0", image], check=False, capture_output=True)
    mounted = subprocess.run(["mount", "-o", "loop", image, home.data], check=False, capture_output=True)
    if made.returncode or mounted.returncode:
        yield False
        return
    try:
        os.chown(home.data, home.account.uid, home.account.gid)
        Path(home.data).chmod(0o700)
        yield True
    finally:
        subprocess.run(["umount", "--lazy", home.data], check=False, capture_output=True)
