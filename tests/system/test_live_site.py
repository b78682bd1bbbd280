"""The parts of the site as real processes: do they find each other?"""

import re

import pytest
from playwright.sync_api import Page

from tests.live.redis_server import RedisServer
from tests.live.site import LiveSite

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]


def test_the_site_says_that_it_is_ready(site: LiveSite) -> None:
    assert site.http.get("/readyz").json() == {"status": "ok", "database": True, "redis": True}


def test_without_redis_the_site_is_degraded_and_still_answers(site: LiveSite, redis_server: RedisServer) -> None:
    redis_server.stop()
    answer = site.http.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert site.http.get("/").status_code == 200


def test_a_process_that_a_test_stopped_is_back_for_the_next(site: LiveSite) -> None:
    assert all(process.is_running() for process in site.processes.values())
    site.processes["relay"].stop()
    assert not site.processes["relay"].is_running()


@pytest.mark.browser
def test_a_browser_shows_the_home_page(page: Page) -> None:
    page.goto("/")
    assert page.locator("h1").count() == 1


def test_what_the_server_really_sends_protects_files_too_and_names_no_version(site: LiveSite) -> None:
    stylesheet = re.search(r'href="(/static/[^"]+\.css)"', site.http.get("/").text)
    assert stylesheet
    for path in ("/", stylesheet[1], "/healthz", "/nothing/", "/favicon.ico"):
        headers = site.http.get(path).headers
        assert not re.search(r"\d", headers.get("Server", "")), path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin", path
        assert "default-src 'none'" in headers["Content-Security-Policy"], path
        assert "camera=()" in headers["Permissions-Policy"], path
