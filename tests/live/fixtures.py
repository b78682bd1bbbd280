"""Fixtures of the live site, its mail server, its Redis and a browser (a plugin: see addopts in pyproject.toml)."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Locator, Page, expect, sync_playwright

from standalone import paths, run
from standalone import site as processes
from standalone.paths import VAR, Home
from standalone.ports import unused_port
from tests.environment import SETTINGS
from tests.live.lacking import lacking
from tests.live.redis_server import RedisServer
from tests.live.site import LiveSite, create_database, drop_database
from tests.live.smtp_sink import SmtpSink

SCREENSHOTS = VAR / "screenshots"
CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE_MS = 30_000  # of `expect`, as long as Playwright itself waits for whatever it acts on


@pytest.fixture(scope="session")
def live_home() -> Iterator[Home]:
    with paths.throw_away_home() as home:
        yield home


@pytest.fixture(scope="session")
def live_redis(live_home: Home) -> Iterator[RedisServer]:
    server = RedisServer(live_home)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def guarded(site: LiveSite, tmp_path: Path) -> Iterator[str]:
    """The address of a second web process on the same database, which asks for a second factor."""
    port = unused_port()
    address = f"http://localhost:{port}"
    process = processes.web({**site.settings, "SITE_URL": address, "STAFF_SECOND_FACTOR": "1"}, tmp_path, port)
    process.start()
    assert site.wait_until(lambda: run.answers(port), seconds=60), process.last_lines()
    yield address
    process.stop()


@pytest.fixture
def redis_server(site: LiveSite, live_redis: RedisServer) -> Iterator[RedisServer]:
    """The Redis of the site; running again when the test is over."""
    yield live_redis
    if not live_redis.process.is_running():
        live_redis.start()


@pytest.fixture(scope="session")
def live_smtp_sink() -> Iterator[SmtpSink]:
    sink = SmtpSink(unused_port())
    sink.start()
    yield sink
    sink.stop()


@pytest.fixture
def smtp_sink(live_smtp_sink: SmtpSink) -> Iterator[SmtpSink]:
    """The mail server of the site, without mails of an earlier test; its bad answers and delays end with this one."""
    live_smtp_sink.reset()
    yield live_smtp_sink
    live_smtp_sink.reset()


@pytest.fixture(scope="session")
def live_site(
    live_home: Home, live_redis: RedisServer, live_smtp_sink: SmtpSink, static_files: Path
) -> Iterator[LiveSite]:
    """With demo content, and a database apart from that of the other tests, which this one never sees."""
    server_url = os.environ["DATABASE_URL"]
    urls = create_database(server_url)
    settings = {
        **SETTINGS,
        **urls,
        "REDIS_URL": live_redis.url,
        "LETTER_WITHDRAWAL_MINUTES": "0",
        "JOURNAL_FOLDER": str(live_home.log / "journal"),
        "TRUSTED_PROXIES": "127.0.0.0/8",
        "DEMO_PASSWORD": "password-of-the-tests",
    }
    site = LiveSite(port=unused_port(), settings=settings, log=live_home.log, smtp_sink=live_smtp_sink)
    for command in ("migrate", "seed_demo"):
        site.manage(command)
    site.start()
    yield site
    site.stop()
    drop_database(server_url, urls)


@pytest.fixture
def site(live_site: LiveSite, smtp_sink: SmtpSink) -> Iterator[LiveSite]:
    """The running site; what a test stopped is started again afterwards."""
    yield live_site
    for process in live_site.processes.values():
        if not process.is_running():
            process.start()
    assert live_site.wait_until(lambda: run.answers(live_site.port), seconds=60), live_site.last_lines()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run a browser. Playwright keeps an event loop, in which Django's ORM refuses to work."""
    program = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if not program:
        lacking("Chromium on PATH")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, site: LiveSite, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A fresh visitor's page; how it looked at the end is kept in var/screenshots/."""
    context = browser.new_context(base_url=site.url, locale="en-GB")
    page = context.new_page()
    yield page
    keep_picture(page, request.node.name)
    context.close()


@pytest.fixture
def staff(page: Page) -> Iterator[Page]:
    """Logged in; fails if anything was refused by the content security policy or went wrong in a script."""
    complaints = watch(page)
    log_in(page, "demo")
    yield page
    assert complaints == []


def watch(page: Page) -> list[str]:
    """Grows by whatever the policy refuses, by errors in the console, and by dialogs."""
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(f"{message.text} {message.location['url']}")

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(f"a dialog: {dialog.message}"))
    return complaints


def log_in(page: Page, name: str) -> None:
    page.goto("/admin/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill("password-of-the-tests")
    follow(page.get_by_role("button", name="Log in"))


def follow(target: Locator) -> None:
    """Click on a link, or on the button of a form, and wait for the page that it leads to."""
    with target.page.expect_navigation():
        target.click()


def keep_picture(page: Page, name: str) -> None:
    """Keep how the page looks once it has loaded in var/screenshots/, unless KEEP_PICTURES=0.

    On a busy machine Chromium may be unable to at first.
    """
    if os.environ.get("KEEP_PICTURES") == "0":
        return
    page.wait_for_load_state()
    for is_last in (False, False, True):
        try:
            page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
        except Error as error:
            if is_last or "Unable to capture screenshot" not in str(error):
                raise
        else:
            break
