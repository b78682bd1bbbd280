"""The processes that make up the site, and the settings that they get when nobody gave any."""

import os
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values

from standalone.paths import ROOT
from standalone.supervision.process import Process

THIS_PYTHON = sys.executable


def given() -> dict[str, str]:
    """The environment and, behind it, `.env`."""
    settings = {**dotenv_values(ROOT / ".env"), **os.environ}
    return {name: value for name, value in settings.items() if value}


def demo_settings(port: int) -> dict[str, str]:
    hosts = ["localhost", "127.0.0.1", "[::1]", "0.0.0.0", socket.gethostname()]  # noqa: S104  # names, not binding
    return {
        "DEMO": "1",
        "DEBUG": "0",
        "SITE_URL": f"http://localhost:{port}",
        "ALLOWED_HOSTS": ",".join(hosts),
        "LETTER_WITHDRAWAL_MINUTES": "2",
    }


EVERYWHERE = "0.0.0.0"  # noqa: S104  # a demo is shown on other machines too


def web(
    environment: Mapping[str, str],
    log: Path,
    port: int,
    application: str = "campaign.wsgi",
    *,
    host: str = EVERYWHERE,
    processes: int = 2,
) -> Process:
    command = [
        *[THIS_PYTHON, "-m", "campaign.serve", "--interface", "wsgi", "--host", host, "--port", str(port)],
        *[
            "--workers",
            str(processes),
            "--blocking-threads",
            "16",
            "--http",
            "1",
            "--no-ws",
            "--respawn-failed-workers",
        ],
        *["--workers-kill-timeout", "8", "--log-level", "warning", f"{application}:application"],
    ]
    return Process("web", command, environment, log / "web.log", grace=12)


# Over whatever was given: tracebacks, the style page, and content shown as it stands in the database.
DEV_SETTINGS = {"DEBUG": "1", "KEEP_SECONDS": "0"}


def dev_web(environment: Mapping[str, str], port: int) -> Process:
    """Django's own development server: it reloads itself, and says in the terminal what was asked of it."""
    command = [THIS_PYTHON, "manage.py", "runserver", f"0.0.0.0:{port}"]
    return Process("web", command, environment, stop_signal=signal.SIGINT)


def relay_process(environment: Mapping[str, str], log: Path) -> Process:
    return Process("relay", [THIS_PYTHON, "manage.py", "relay"], environment, log / "relay.log")


def beat(environment: Mapping[str, str], log: Path) -> Process:
    command = [THIS_PYTHON, "-m", "celery", "--app", "campaign", "--quiet", "beat", "--loglevel", "WARNING"]
    return Process("beat", [*command, "--schedule", log / "beat-schedule"], environment, log / "beat.log")


def worker(environment: Mapping[str, str], log: Path, concurrency: int = 4) -> Process:
    command = [
        *[THIS_PYTHON, "-m", "celery", "--app", "campaign", "--quiet", "worker", "--queues", "celery,clock"],
        *["--concurrency", str(concurrency), "--loglevel", "WARNING", "--without-gossip", "--without-mingle"],
    ]
    # As an orphan it is killed, and its processes with it: one that reports a long error to a parent that waits for its
    # end would wait for ever. What it had begun comes back by its lease.
    return Process("worker", command, environment, log / "worker.log", grace=20, orphan_signal=signal.SIGKILL)


def manage_process(environment: Mapping[str, str], log: Path, *arguments: str) -> Process:
    command = [THIS_PYTHON, "manage.py", *arguments]
    return Process(arguments[0], command, environment, log / f"{arguments[0]}.log", stop_signal=signal.SIGINT)
