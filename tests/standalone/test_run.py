"""`make run` as whoever calls it sees it. Few tests, since each starts the whole site."""

import http.server
import os
import pty
import signal
import subprocess
from collections.abc import Iterator
from functools import partial

import pytest

from standalone.dev_secrets import kept_keys
from standalone.run import is_ok
from standalone.supervision.process import wait_until
from tests.standalone.conftest import RUN, Checkout, lines_until

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]


@pytest.fixture
def started(checkout: Checkout) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The site of `checkout`, ready, and what it said; killed afterwards if it still runs."""
    process = checkout.start()
    yield process, lines_until(process, "Ctrl-C")
    process.kill()
    process.wait()
    wait_until(checkout.is_quiet, seconds=60)


@pytest.fixture
def running(started: tuple[subprocess.Popen[str], str]) -> subprocess.Popen[str]:
    return started[0]


@pytest.fixture
def banner(started: tuple[subprocess.Popen[str], str]) -> str:
    return started[1]


def test_everything_runs_a_dead_child_returns_and_a_killed_supervisor_takes_all_along(
    checkout: Checkout, running: subprocess.Popen[str], banner: str
) -> None:
    password = kept_keys(checkout.path / "var" / "keys.env")["DEMO_PASSWORD"]
    assert f"http://localhost:{checkout.port}/" in banner
    assert password in banner
    for path in ("/", "/admin/login/", "/healthz", "/readyz"):
        assert wait_until(partial(is_ok, checkout.port, path), seconds=60), path

    (relay,) = checkout.children("relay")
    relay.send_signal(signal.SIGKILL)
    assert "relay ended (-9)" in lines_until(running, "relay")
    assert wait_until(lambda: bool(checkout.children("relay")), seconds=60)

    running.kill()
    running.wait()
    assert wait_until(checkout.is_quiet, seconds=60), checkout.processes()


def test_a_second_start_finds_the_data_and_two_signals_stop_it_once(
    checkout: Checkout, running: subprocess.Popen[str]
) -> None:
    assert "nothing was changed" in (checkout.path / "var" / "log" / "seed_demo.log").read_text()
    second = checkout.start()
    assert second.communicate(timeout=120)[0].startswith("The site runs from this checkout already")
    assert second.returncode == 1

    all_of_it = len(checkout.processes())
    running.send_signal(signal.SIGTERM)
    assert wait_until(lambda: len(checkout.processes()) < all_of_it, seconds=60)
    running.send_signal(signal.SIGTERM)
    output, _ = running.communicate(timeout=120)
    assert (running.returncode, output.strip()) == (0, "Stopped.")
    assert wait_until(checkout.is_quiet, seconds=10), checkout.processes()


def take_terminal(end: int) -> None:
    """As a shell that was not itself started with nohup."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    os.login_tty(end)


def test_a_terminal_that_goes_away_takes_all_along(checkout: Checkout) -> None:
    """It tells the leader of its session alone: here a shell that, like make, goes on waiting for its child."""
    terminal, end = pty.openpty()
    shell = subprocess.Popen(
        ["sh", "-c", 'trap : HUP; "$@"; :', "sh", *RUN],
        cwd=checkout.path,
        env=checkout.environment,
        preexec_fn=partial(take_terminal, end),  # noqa: PLW1509  # no threads here
    )
    os.close(end)
    seen = b""
    while b"Bringing" not in seen:
        seen += os.read(terminal, 1000)
    os.close(terminal)
    assert wait_until(checkout.is_quiet, seconds=60), checkout.processes()
    assert shell.wait(timeout=60) == 0


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"PORT": "http"}, "PORT must be a number from 1 to 65535, not 'http'."),
        ({"EMBEDDED_POSTGRES": "mine"}, "EMBEDDED_POSTGRES must be `wheel` or `system`, not 'mine'."),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_left(checkout: Checkout, settings: dict[str, str], line: str) -> None:
    process = checkout.start(settings)
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 1
    assert line in output
    assert "supervisor.py" not in output
    assert wait_until(checkout.is_quiet, seconds=10), checkout.processes()


def test_a_port_in_use_is_named(checkout: Checkout) -> None:
    server = http.server.HTTPServer(("", 0), http.server.BaseHTTPRequestHandler)
    process = checkout.start({"PORT": str(server.server_port)})
    output, _ = process.communicate(timeout=120)
    server.server_close()
    assert (process.returncode, len(output.splitlines())) == (1, 1)
    assert output.startswith(f"Port {server.server_port} cannot be used")
