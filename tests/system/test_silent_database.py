"""The path to the database falls silent: nothing is refused and nothing ends, there is just no answer any more."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from standalone import run
from standalone import site as processes
from standalone.ports import unused_port
from standalone.supervision.process import wait_until
from tests.live.silent_path import SilentPath, silent_path
from tests.live.site import LiveSite
from tests.system.people import PETITION

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

AT_ONCE = 60  # more than there are threads
TOLD = 30  # seconds; whoever waited for the database itself would wait for as long as it is silent


@dataclass
class Web:
    """A web server of its own, whose database is at the end of the path."""

    url: str
    path: SilentPath

    def sign(self, number: int) -> tuple[float, httpx.Response]:
        """With the seconds until the answer came."""
        data = {"name": f"Silent {number}", "email": f"silent{number}@silent{number}.example.org", "country": "DE"}
        began = time.monotonic()
        answer = httpx.post(f"{self.url}{PETITION}", data=data, timeout=100)
        return time.monotonic() - began, answer

    def sign_all(self, first: int) -> list[tuple[float, httpx.Response]]:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(self.sign, range(first, first + AT_ONCE)))

    def all_can_sign(self, first: int) -> bool:
        return {answer.status_code for _, answer in self.sign_all(first)} == {302}


@pytest.fixture(scope="module")
def web(live_site: LiveSite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    log: Path = tmp_path_factory.mktemp("log")
    with silent_path(live_site.settings["DATABASE_URL"]) as (path, url):
        port = unused_port()
        server = processes.web({**live_site.settings, "DATABASE_URL": url, "KEEP_SECONDS": "2"}, log, port)
        server.start()
        assert wait_until(lambda: run.answers(port), seconds=60), server.last_lines()
        yield Web(f"http://localhost:{port}", path)
        path.come_back()
        server.stop()


@pytest.fixture
def silent_web(web: Web) -> Iterator[Web]:
    """With connections in its threads that worked a moment ago."""
    assert wait_until(lambda: web.all_can_sign(0), seconds=60)
    web.path.fall_silent()
    yield web
    web.path.come_back()


def test_signers_are_told_soon_and_keep_what_they_typed(silent_web: Web) -> None:
    answers = silent_web.sign_all(100)
    assert {answer.status_code for _, answer in answers} == {503}
    assert max(seconds for seconds, _ in answers) < TOLD
    assert all(f'value="Silent {number}"' in answer.text for number, (_, answer) in enumerate(answers, start=100))


def test_soon_after_the_path_is_back_everybody_can_sign(silent_web: Web) -> None:
    silent_web.sign_all(200)
    silent_web.path.come_back()
    assert wait_until(lambda: silent_web.all_can_sign(300), seconds=60)


def test_readiness_says_soon_that_the_database_is_away(silent_web: Web) -> None:
    began = time.monotonic()
    assert httpx.get(f"{silent_web.url}/readyz", timeout=100).status_code == 503
    assert time.monotonic() - began < TOLD


def test_the_relay_gives_up_waiting_and_tries_again(live_site: LiveSite, tmp_path: Path) -> None:
    with silent_path(live_site.settings["DATABASE_URL"]) as (path, url):
        relay = processes.relay_process({**live_site.settings, "DATABASE_URL": url}, tmp_path)
        relay.start()
        assert wait_until(lambda: path.connections > 0, seconds=60), relay.last_lines()
        path.fall_silent()
        assert wait_until(lambda: "waits: OperationalError" in relay.last_lines(), seconds=60)
        before = path.connections
        path.come_back()
        assert wait_until(lambda: path.connections > before, seconds=60)
        relay.stop()
