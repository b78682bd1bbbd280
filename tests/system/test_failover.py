"""The database's primary is demoted or dies, and a standby takes over: the site finds it by itself."""

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from standalone.ports import unused_port
from standalone.servers import postgres
from tests.environment import SETTINGS
from tests.live.postgres_pair import PostgresServer, postgres_servers, urls_of
from tests.live.redis_server import RedisServer
from tests.live.site import LiveSite
from tests.live.smtp_sink import SmtpSink
from tests.system.people import PETITION, sign

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

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
    third.promote()
    assert cluster.site.wait_until(lambda: cluster.can_sign("again"), seconds=HEALED), cluster.site.last_lines()
    assert cluster.site.mails("again0@again0.example.org", seconds=HEALED)
    assert cluster.pids == before
