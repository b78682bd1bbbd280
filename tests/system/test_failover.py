"""The database's primary is demoted or dies, and a standby takes over: the site finds it by itself."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core.management import CommandError, call_command

from campaign.backups.manifest import Manifest
from campaign.database import database_from_url, replica
from campaign.database.owner import connected_to
from campaign.secrecy.keypairs import new_keypair, with_check
from standalone.ports import unused_port
from standalone.servers import postgres
from standalone.supervision.process import wait_until
from tests.environment import SETTINGS
from tests.live.postgres_pair import PostgresServer, postgres_servers, urls_of
from tests.live.redis_server import RedisServer
from tests.live.site import LiveSite
from tests.live.smtp_sink import SmtpSink
from tests.system.people import PETITION, sign

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

# Of a table that only a backup looks at just then.
SCANS = "SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'petitions_keyreplacement'"
SIGNED = "SELECT count(*) FROM petitions_signature"
WAITED_FOR = "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_last_wal_replay_lsn() >=%' AND state = 'idle'"
HEALED = 40.0  # seconds; hours if somebody had to do something


@dataclass
class Cluster:
    site: LiveSite
    servers: list[PostgresServer]

    @property
    def pids(self) -> dict[str, int]:
        return {name: process.running.pid for name, process in self.site.processes.items() if process.running}

    def sign_several(self, tag: str) -> list[httpx.Response]:
        """More than there are threads, so that most of them are asked."""
        return [sign(self.site, f"{tag}{number}@{tag}{number}.example.org", f"Ana {number}") for number in range(20)]

    @property
    def is_at_work(self) -> bool:
        """Whether a worker has something in hand, or will at once."""
        due = "state = 'waiting' AND due_at < now()"
        return bool(self.site.query(f"SELECT FROM outbox_item WHERE {due} OR state IN ('published', 'running')"))

    def can_sign(self, tag: str) -> bool:
        return {answer.status_code for answer in self.sign_several(tag)} == {302}


@pytest.fixture(scope="module")
def cluster(static_files: object, live_smtp_sink: SmtpSink) -> Iterator[Cluster]:
    with postgres_servers(3) as servers:
        first, second, _third = servers
        first.start()
        postgres.make_database(first.home)
        redis = RedisServer(first.home)
        redis.start()
        urls = urls_of(servers) | {"REDIS_URL": redis.url}
        settings = {**SETTINGS, **urls, "TRUSTED_PROXIES": "127.0.0.0/8", "DEMO_PASSWORD": "password-of-the-tests"}
        site = LiveSite(port=unused_port(), settings=settings, log=first.home.log, smtp_sink=live_smtp_sink)
        for command in ("migrate", "seed_demo"):
            site.manage(command)
        second.follow(first)
        site.start()
        yield Cluster(site, servers)
        site.stop()
        redis.stop()


def test_a_backup_is_read_from_the_standby_that_a_setting_names(cluster: Cluster, tmp_path: Path) -> None:
    _first, second, _third = cluster.servers
    urls = {"REPLICA_URL": postgres.url(second.home), "BACKUP_KEY": with_check(new_keypair().public)}
    settings = {**cluster.site.settings, **urls}
    source = LiveSite(port=unused_port(), settings=settings, log=tmp_path, smtp_sink=cluster.site.smtp_sink)
    before = cluster.site.query(SCANS)
    source.manage("backup", str(tmp_path / "backups"))
    (made,) = (tmp_path / "backups").iterdir()
    petitions = cluster.site.query("SELECT count(*) FROM petitions_petition")[0][0]
    assert Manifest.read(made).rows["petitions_petition"] == petitions > 0
    assert cluster.site.query(SCANS) == before
    assert second.execute(SCANS, postgres.DATABASE_NAME)[0][0] > 0


@pytest.fixture
def command(cluster: Cluster, settings: Any, django_db_blocker: Any) -> Iterator[Any]:
    """Settings of this process, which reaches the databases as a command of the site does."""
    urls = cluster.site.settings
    settings.BACKUP_KEY = with_check(new_keypair().public)
    settings.OWNER_DATABASE = database_from_url(urls["OWNER_DATABASE_URL"])
    settings.REPLICA_DATABASE = database_from_url(postgres.url(cluster.servers[1].home))
    with django_db_blocker.unblock(), connected_to(database_from_url(urls["DATABASE_URL"])):
        yield settings


@contextmanager
def paused(standby: PostgresServer) -> Iterator[None]:
    """It takes in what is committed, and shows none of it."""
    standby.execute("SELECT pg_wal_replay_pause()")
    yield
    standby.execute("SELECT pg_wal_replay_resume()")


def signatures_in(backups: Path) -> int:
    (made,) = backups.iterdir()
    return Manifest.read(made).rows["petitions_signature"]


@pytest.mark.usefixtures("command")
def test_no_backup_is_made_from_a_standby_that_lacks_what_is_committed(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replica, "PATIENCE", 0.2)
    with paused(cluster.servers[1]):
        assert cluster.can_sign("lacking")
        with pytest.raises(CommandError, match="lacks what was committed"):
            call_command("backup", tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("command")
def test_a_standby_is_waited_for_until_it_has_what_is_committed(cluster: Cluster, tmp_path: Path) -> None:
    standby = cluster.servers[1]
    with ThreadPoolExecutor() as pool:
        with paused(standby):
            assert cluster.can_sign("awaited")
            ((signed,),) = cluster.site.query(SIGNED)
            ((shown,),) = standby.execute(SIGNED, postgres.DATABASE_NAME)
            resumed = pool.submit(resume_once_asked, standby)
            call_command("backup", tmp_path)
        assert resumed.result()
    assert signatures_in(tmp_path) >= signed > shown


def resume_once_asked(standby: PostgresServer) -> bool:
    was_asked = wait_until(lambda: bool(standby.execute(WAITED_FOR)), seconds=30)
    standby.execute("SELECT pg_wal_replay_resume()")
    return was_asked


def test_a_backup_is_read_from_the_primary_once_there_is_no_standby(
    cluster: Cluster, command: Any, tmp_path: Path
) -> None:
    """As of the guide's two ports the first then leads nowhere."""
    primary, _standby, nowhere = cluster.servers
    hosts = f"{nowhere.home.sockets},{primary.home.sockets}"
    role = postgres.APPLICATION  # which may not read all: the owner does
    command.REPLICA_DATABASE = database_from_url(f"postgresql://{role}@/{postgres.DATABASE_NAME}?host={hosts}")
    call_command("backup", tmp_path)
    assert signatures_in(tmp_path) == cluster.site.query(SIGNED)[0][0]


def test_a_backup_says_that_it_reaches_no_database(cluster: Cluster, command: Any, tmp_path: Path) -> None:
    command.REPLICA_DATABASE = database_from_url(postgres.url(cluster.servers[2].home))
    with pytest.raises(CommandError, match="the database was not read to its end"):
        call_command("backup", tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_primary_that_is_demoted_under_its_sessions_is_left_for_the_one_that_is_promoted(cluster: Cluster) -> None:
    first, second, _third = cluster.servers
    before = cluster.pids
    assert cluster.can_sign("before")
    first.be_read_only()

    answers = cluster.sign_several("demoted")
    assert {answer.status_code for answer in answers} == {503}
    assert all(f'value="Ana {number}"' in answer.text for number, answer in enumerate(answers))
    assert cluster.site.http.get("/readyz").status_code == 503
    assert {cluster.site.http.get(PETITION).status_code for _ in range(20)} == {200}

    assert cluster.site.wait_until(lambda: first.is_followed_closely, seconds=60)
    second.promote()
    assert cluster.site.wait_until(lambda: cluster.can_sign("promoted"), seconds=HEALED), cluster.site.last_lines()
    assert cluster.site.http.get("/readyz").status_code == 200
    assert cluster.site.mails("promoted0@promoted0.example.org", seconds=HEALED)
    assert cluster.site.wait_until(lambda: not first.is_asked, seconds=HEALED)
    assert cluster.pids == before


def test_a_primary_that_dies_is_left_for_the_one_that_is_promoted(cluster: Cluster) -> None:
    _first, second, third = cluster.servers
    third.follow(second)
    before = cluster.pids
    assert cluster.site.wait_until(lambda: cluster.can_sign("alive"), seconds=HEALED), cluster.site.last_lines()
    for number in range(20):
        assert cluster.site.mails(f"alive{number}@alive{number}.example.org")
    assert cluster.site.wait_until(lambda: not cluster.is_at_work, seconds=60)
    # A standby that lacked the last of it would be taken for a restored backup, and nothing would go out.
    assert cluster.site.wait_until(lambda: second.is_followed_closely, seconds=HEALED)
    second.kill()
    assert {answer.status_code for answer in cluster.sign_several("dead")} == {503}
    assert {cluster.site.http.get(PETITION).status_code for _ in range(20)} == {200}
    third.promote()
    assert cluster.site.wait_until(lambda: cluster.can_sign("again"), seconds=HEALED), cluster.site.last_lines()
    assert cluster.site.mails("again0@again0.example.org", seconds=HEALED)
    assert cluster.pids == before
