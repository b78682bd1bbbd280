"""`make run` and `make dev`: the whole site, from nothing to an address in the terminal."""

import fcntl
import http.client
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from standalone import dev_secrets, paths, site
from standalone.paths import VAR, Trouble
from standalone.servers import redis, services
from standalone.supervision.interruption import Interrupted, Interruption, end_with_make
from standalone.supervision.sources import Sources
from standalone.supervision.supervisor import Supervisor, tell

DEFAULT_PORT = "8000"
NO_CODE = "none beside the password, as this is a demo; a real site asks for one (STAFF_SECOND_FACTOR=1 does here)"


def run(*, is_dev: bool = False) -> int:
    """Start everything and keep it up until Ctrl-C; `is_dev` for whoever changes the code meanwhile."""
    interruption = Interruption()
    end_with_make()
    settings = site.given()
    paths.make_var()
    with only_one(VAR / "run.lock"):
        port = free_port(settings.get("PORT", DEFAULT_PORT))
        started_at = time.monotonic()
        try:
            with Supervisor(interruption) as supervisor:
                serve(supervisor, settings, port, is_dev=is_dev)
                tell(welcome(settings, port, time.monotonic() - started_at, is_dev=is_dev))
                supervisor.watch(Sources() if is_dev else None)
        except Interrupted:
            tell("Stopped.")
    return 0


def serve(supervisor: Supervisor, settings: Mapping[str, str], port: int, *, is_dev: bool) -> None:
    home = paths.home_of_checkout()
    begin_logs(home.log)
    tell("Starting PostgreSQL and Redis ...")
    secrets = dev_secrets.kept_keys(VAR / "keys.env")
    urls = services.start(supervisor, home, settings) | services.two_roles(home, settings)
    environment = {**secrets, **site.demo_settings(port), **settings, **urls}
    if is_dev:
        environment |= site.DEV_SETTINGS
    tell("Bringing the database and the files up to date ...")
    log = home.log
    static = [] if is_dev else [site.manage_process(environment, log, "collectstatic", "--noinput")]
    supervisor.run(site.manage_process(environment, log, "migrate"), *static)
    fill = "seed_demo" if environment["DEMO"] == "1" else "first_content"
    supervisor.run(site.manage_process(environment, log, fill))
    for process in (site.worker, site.beat, site.relay_process):
        supervisor.start(process(environment, log))
    web = site.dev_web(environment, port) if is_dev else site.web(environment, log, port)
    supervisor.start(web, lambda: answers(port))
    supervisor.wait_until_ready(seconds=120)


def manage(arguments: Sequence[str]) -> int:
    """`manage.py` with the settings of the site that runs in this checkout; its exit code."""
    settings, home = site.given(), paths.home_of_checkout()
    port = int(settings.get("PORT", DEFAULT_PORT))
    urls = {"REDIS_URL": redis.url(home)} | settings | services.two_roles(home, settings)
    environment = {**dev_secrets.kept_keys(VAR / "keys.env"), **site.demo_settings(port), **urls}
    return subprocess.call([site.THIS_PYTHON, "manage.py", *arguments], env=environment, cwd=paths.ROOT)


def welcome(settings: Mapping[str, str], port: int, seconds: float, *, is_dev: bool) -> str:
    url = settings.get("SITE_URL", f"http://localhost:{port}")
    password = dev_secrets.kept_keys(VAR / "keys.env")["DEMO_PASSWORD"]
    code = "as STAFF_SECOND_FACTOR says" if "STAFF_SECOND_FACTOR" in settings else NO_CODE
    mail = "as EMAIL_URL says" if "EMAIL_URL" in settings else f"{url}/demo/mail/ (files: {VAR / 'mail'})"
    style = f"\n    Style   {url}/style/" if is_dev else ""
    return f"""
The site is up, after {seconds:.0f} seconds.

    Site    {url}/{style}
    Admin   {url}/admin/ (name: demo or colleague, password: {settings.get("DEMO_PASSWORD", password)})
    Code    {code}
    Mail    {mail}
    Logs    {VAR / "log"}
    Shell   make manage ARGS="recount --check", or any other command of manage.py

Ctrl-C stops everything; the data stays.
"""


def free_port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise Trouble(f"PORT must be a number from 1 to 65535, not {text!r}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", int(text)))
        except OSError as error:
            raise Trouble(f"Port {text} cannot be used ({error.strerror}); another one: make run PORT=8001") from None
    return int(text)


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise Trouble(f"The site runs from this checkout already (process {lock.read().strip()}).") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def begin_logs(folder: Path) -> None:
    """Each run has its own; those of the run before are kept beside them."""
    for log in folder.glob("*.log"):
        log.rename(log.with_suffix(".log.1"))


def answers(port: int) -> bool:
    return all(is_ok(port, path) for path in ("/healthz", "/readyz"))


def is_ok(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": "localhost"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
