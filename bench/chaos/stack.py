"""The servers and processes of the site, each of which can be killed, frozen, slowed or doubled while people use it."""

import os
import random
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import redis as redis_client

from bench.chaos.mail_server import MailServer
from bench.chaos.network import Backstage, NetworkPath
from bench.chaos.running_site import RunningSite
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


@dataclass(kw_only=True)
class Stack(RunningSite):
    database_path: NetworkPath
    redis_path: NetworkPath
    mail_path: NetworkPath
    postgres: Process
    redis: Process
    has_small_disk: bool = False

    @property
    def port(self) -> int:
        return int(self.environment["PORT"])

    @property
    def servers(self) -> dict[str, Process]:
        return {"postgres": self.postgres, "redis": self.redis}

    # Processes

    def start_site(self) -> None:
        self.processes = self.new_processes()
        for process in self.processes.values():
            process.start()
        if not self.interruption.wait_until(self.answers, seconds=START):
            raise paths.Trouble(f"the site does not answer:\n{self.processes['web'].last_lines()}")

    def new_processes(self) -> dict[str, Process]:
        """Those of the release, not started."""
        log, environment = self.home.log, self.environment
        second = replace(site.worker(environment, log, concurrency=2), name="worker-2")
        # Two of one name on one machine would take each other for the same.
        second.command = [*second.command, "--hostname", "second@%h"]
        processes = [
            site.web(environment, log, self.port),
            site.worker(environment, log, concurrency=2),
            second,
            site.relay_process(environment, log),
            site.beat(environment, log),
        ]
        return {process.name: self.of_release(process) for process in processes}

    def answers(self) -> bool:
        return run.answers(self.port)

    def redis_client(self) -> redis_client.Redis:
        return redis_client.Redis.from_url(redis.url(self.home), socket_timeout=5)

    @property
    def past_the_path(self) -> dict[str, str]:
        application = self.url.replace(postgres.DATABASE_NAME, postgres.APPLICATION, 1)
        return {"DATABASE_URL": application, "OWNER_DATABASE_URL": self.url}


@contextmanager
def stack(seed: int, *, wants_small_disk: bool = False, release: Path = paths.ROOT) -> Iterator[Stack]:
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
            made.has_small_disk, made.release = has_small_disk, release
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
