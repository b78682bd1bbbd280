"""All machines of one cluster, gone afterwards: three web nodes, three workers, two relays, two schedulers."""

import random
import secrets
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import psutil
import redis as redis_client

from bench.chaos.mail_server import MailServer
from bench.chaos.network import Backstage
from bench.chaos.running_site import RunningSite
from bench.chaos.stack import WAYS_TO_OFFICES
from bench.cluster import machines
from bench.cluster.machines import DATABASES, ENTRY, ETCD, POOLER, SITE_PORT, WEB, WEB_PORT
from bench.letters.senate import settings as settings_for
from bench.stage import surroundings
from standalone import paths, site
from standalone.ports import unused_port
from standalone.supervision.interruption import Interruption
from standalone.supervision.process import Process
from tests.letters.senate_stub import SenateStub

START = 240.0  # seconds for each step of the start, which on two cores is most of a run
WORKERS, RELAYS, SCHEDULERS = 3, 2, 2


@dataclass(kw_only=True)
class Cluster(RunningSite):
    machines: dict[str, Process]
    passwords: dict[str, str]

    @property
    def servers(self) -> dict[str, Process]:
        return self.machines

    @property
    def past_the_path(self) -> dict[str, str]:
        return {"DATABASE_URL": self.environment["DATABASE_URL"], "OWNER_DATABASE_URL": self.url}

    def redis_client(self) -> redis_client.Redis:
        return redis_client.Redis.from_url(self.environment["REDIS_URL"], socket_timeout=5)

    def family(self, name: str) -> list[psutil.Process]:
        """With PostgreSQL, which Patroni starts as nobody's child."""
        return [*super().family(name), *(self.postgres_of(name) if name in DATABASES else [])]

    def postgres_of(self, name: str) -> list[psutil.Process]:
        try:
            lock = (self.home.data / name / "data" / "postmaster.pid").read_text()
            server = psutil.Process(int(lock.split()[0]))
            is_ours = str(self.home.data / name) in " ".join(server.cmdline())
            return [server, *server.children(recursive=True)] if is_ours else []
        except (OSError, ValueError, IndexError, psutil.Error):
            return []

    def patroni_of(self, name: str) -> list[psutil.Process]:
        return super().family(name)

    # What the cluster says of itself

    def members(self) -> dict[str, str]:
        """Return the role of each database server that runs, as Patroni knows it."""
        for address in DATABASES.values():
            with suppress(httpx.HTTPError, ValueError):
                found = httpx.get(f"http://{address}:8008/cluster", timeout=2).json()["members"]
                return {one["name"]: one["role"] for one in found if one["state"] in {"running", "streaming"}}
        return {}

    @property
    def primary(self) -> str:
        return next((name for name, role in self.members().items() if role == "leader"), "")

    @property
    def standby(self) -> str:
        return next(name for name in DATABASES if name != self.primary)

    @property
    def etcd_leader(self) -> str:
        for name, address in ETCD.items():
            with suppress(httpx.HTTPError, KeyError):
                found = httpx.post(f"http://{address}:2379/v3/maintenance/status", content="{}", timeout=2).json()
                if found["leader"] == found["header"]["member_id"]:
                    return name
        return "etcd1"

    def is_whole(self) -> bool:
        """Whether everything runs, with a primary and a standby that has all that was acknowledged."""
        if any(not process.is_running() for process in {**self.machines, **self.processes}.values()):
            return False
        return set(self.members().values()) == {"leader", "sync_standby"}

    def switch_over(self) -> None:
        primary = self.primary
        answer = httpx.post(
            f"http://{DATABASES[primary]}:8008/switchover",
            json={"leader": primary, "candidate": self.standby},
            auth=("patroni", self.passwords["PATRONI"]),
            timeout=30,
        )
        answer.raise_for_status()

    def direct_url(self, name: str, database: str = "postgres") -> str:
        """Of one server, for the superuser."""
        return f"postgresql://postgres:{self.passwords['SUPERUSER']}@{DATABASES[name]}:5432/{database}"

    # Beginning and end

    def start(self) -> None:
        for process in self.machines.values():
            process.start()
        self.must(self.is_whole, "the database servers do not find each other", "database1")
        self.make_roles()
        for command in (["migrate"], ["collectstatic", "--noinput"], ["seed_demo"]):
            self.manage(*command, DEMO="1")  # for a petition with a key, which then stands on a real site
        self.execute(*WAYS_TO_OFFICES)
        self.processes = {process.name: process for process in self.nodes()}
        for process in self.processes.values():
            process.start()
        self.must(lambda: all(map(serves, WEB.values())), "the web nodes do not answer", "web-1")

    def must(self, is_true: Callable[[], bool], complaint: str, name: str) -> None:
        if not self.wait_until(is_true, seconds=START):
            everything = {**self.machines, **self.processes}
            wrong = {one: process for one, process in everything.items() if one == name or not process.is_running()}
            said = [f"{one}:\n{process.last_lines(8)}" for one, process in wrong.items()]
            raise paths.Trouble("\n".join([f"{complaint}; {self.members()}", *said]))

    def make_roles(self) -> None:
        variables = [f"--set={name}_password={self.passwords[name.upper()]}" for name in ("owner", "site")]
        roles = paths.ROOT / "deploy/postgresql/roles.sql"
        command = ["psql", "--quiet", "--set=ON_ERROR_STOP=1", *variables, "--file", str(roles)]
        done = subprocess.run([*command, self.direct_url(self.primary)], capture_output=True, text=True, check=False)
        if done.returncode:
            raise paths.Trouble(f"the roles were not made:\n{done.stderr}")

    def nodes(self) -> Iterator[Process]:
        """The site's own: one web node comes through PgBouncer, one worker finds the primary without HAProxy."""
        log = self.home.log
        pooled = {"DATABASE_URL": f"{self.site_url(f'{POOLER}:6432')}?pooler=transaction"}
        servers = ",".join(f"{address}:5432" for address in DATABASES.values())
        seeking = {"DATABASE_URL": f"{self.site_url(servers)}?target_session_attrs=read-write"}
        for name, address in WEB.items():
            given = self.environment | (pooled if name == "web-3" else {})
            yield self.named(name, site.web(given, log, WEB_PORT, host=address, processes=1))
        for number in range(1, WORKERS + 1):
            given = self.environment | (seeking if number == WORKERS else {})
            process = self.named(f"worker-{number}", site.worker(given, log, concurrency=2))
            process.command = [*process.command, "--hostname", f"worker-{number}@%h"]
            yield process
        for number in range(1, RELAYS + 1):
            yield self.named(f"relay-{number}", site.relay_process(self.environment, log))
        for number in range(1, SCHEDULERS + 1):
            process = self.named(f"scheduler-{number}", site.beat(self.environment, log))
            process.command = [*process.command[:-1], log / f"schedule-{number}"]
            yield process

    def named(self, name: str, process: Process) -> Process:
        return replace(process, name=name, log=self.home.log / f"{name}.log")

    def site_url(self, where: str, role: str = "SITE") -> str:
        user = {"SITE": "campaign", "OWNER": "campaign_owner"}[role]
        return f"postgresql://{user}:{self.passwords[role]}@{where}/campaign"

    def stop(self) -> None:
        """End all of it, by its numbers, whatever state it is in."""
        self.stop_site()
        for name, process in reversed(self.machines.items()):
            self.send_signal(name, signal.SIGCONT)
            process.stop()
            for member in self.postgres_of(name) if name in DATABASES else []:
                with suppress(psutil.Error):
                    member.kill()
                    member.wait(10)


def serves(address: str) -> bool:
    with suppress(httpx.HTTPError):
        return httpx.get(f"http://{address}:{WEB_PORT}/readyz", headers={"Host": ENTRY}, timeout=5).is_success
    return False


@contextmanager
def cluster(seed: int) -> Iterator[Cluster]:
    with paths.throw_away_home() as temporary:
        made = set_up(replace(temporary, is_durable=True), seed)
        try:
            made.start()
            yield made
        finally:
            made.stop()
            made.senate.stop()
            made.backstage.stop()


def set_up(home: paths.Home, seed: int) -> Cluster:
    interruption, backstage = Interruption(), Backstage()
    passwords = {name: secrets.token_hex(16) for name in machines.PASSWORDS}
    found = machines.servers(home, passwords)
    mail = MailServer(random.Random(seed))
    backstage.do(mail.start())
    senate = SenateStub(unused_port(), home.log)
    senate.offices = ["STX01", "STX02"]
    senate.start()
    made = Cluster(
        home=home,
        interruption=interruption,
        environment=surroundings(mail.port) | settings_for(senate),
        backstage=backstage,
        mail=mail,
        senate=senate,
        machines=found,
        passwords=passwords,
    )
    made.url = made.site_url(f"{ENTRY}:5000", "OWNER")
    made.environment |= {
        "SITE_URL": f"http://{ENTRY}:{SITE_PORT}",
        "ALLOWED_HOSTS": ENTRY,
        "TRUSTED_PROXIES": "127.0.0.0/8",
        "DATABASE_URL": made.site_url(f"{ENTRY}:5000,{ENTRY}:5001") + "?target_session_attrs=read-write",
        "REDIS_URL": f"redis://{ENTRY}:6379/0",
        "LETTER_CHANNELS": "senate_api,email",
        "LETTER_WITHDRAWAL_MINUTES": "1",
        **{f"{name}_FOLDER": str(Path(home.log) / name.lower()) for name in ("STATIC", "MEDIA", "KEY", "JOURNAL")},
    }
    return made
