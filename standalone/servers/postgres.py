"""The embedded PostgreSQL: on a unix socket only, in a directory of its own for each major version."""

import locale
import os
import shutil
import signal
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil
import psycopg

from campaign import database
from standalone.paths import Home, Trouble
from standalone.servers import postgres_versions
from standalone.supervision.process import Process, wait_until

DATABASE_NAME = "campaign"  # and its owner's name
APPLICATION = "campaign_application"  # the role that the site runs as
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def url(home: Home, database: str = DATABASE_NAME, role: str = DATABASE_NAME) -> str:
    return f"postgresql://{role}@/{database}?host={home.sockets}"


def server(home: Home, environment: Mapping[str, str], run: Callable[[Process], None]) -> Process:
    """Ready to be started: its data directory exists and no server of an earlier start is in it."""
    version = postgres_versions.choose(home, environment)
    folder = version.folder if version.is_of_machine else postgres_versions.of_wheel_in_reach(home)
    data = version.data(home)
    if not data.exists():
        initialise(folder, data, home, run)
    stop_leftover(data)
    return Process(
        "postgresql",
        [folder / "postgres", "-D", data, *options(home)],
        environment=without_postgres_settings(environment),
        log=home.log / "postgresql.log",
        stop_signal=signal.SIGINT,  # "fast": does not wait for clients to leave
        grace=20,
        account=home.account,
    )


def options(home: Home) -> list[str]:
    settings = {"listen_addresses": "", "unix_socket_directories": str(home.sockets), "max_connections": "200"}
    settings |= {} if home.is_durable else THROW_AWAY
    return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]


def initialise(folder: Path, data: Path, home: Home, run: Callable[[Process], None]) -> None:
    """Beside its place and then moved there, so that a start that was cut short leaves no half of one."""
    unfinished = data.with_suffix(".part")
    shutil.rmtree(unfinished, ignore_errors=True)
    command: list[str | Path] = [
        folder / "initdb",
        "--pgdata",
        unfinished,
        "--username",
        DATABASE_NAME,
        "--auth",
        "trust",
        "--encoding",
        "UTF8",
    ]
    command += ["--locale", locale_of_data(), *([] if home.is_durable else ["--no-sync"])]
    run(
        Process(
            "initdb", command, without_postgres_settings(os.environ), log=home.log / "initdb.log", account=home.account
        )
    )
    unfinished.rename(data)


def locale_of_data() -> str:
    """Upper and lower case beyond English need more than the locale C."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        return locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def without_postgres_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """Without PGDATA, PGHOST and the like, which would lead elsewhere."""
    return {name: environment[name] for name in ("PATH", "TZ") if name in environment} | {"LC_MESSAGES": "C"}


def stop_leftover(data: Path) -> None:
    """A server that outlived its supervisor is stopped; a lock whose number is now another program's is removed."""
    lock = data / "postmaster.pid"
    try:
        process = psutil.Process(int(lock.read_text().split()[0]))
    except (OSError, ValueError, IndexError, psutil.NoSuchProcess):
        return  # PostgreSQL itself sees that nobody holds it
    if not is_server_of(data, process):
        lock.unlink()
        return
    for number, seconds in ((signal.SIGINT, 20), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
        if is_server_of(data, process):
            process.send_signal(number)
            wait_until(lambda: not is_server_of(data, process), seconds=seconds)


def is_server_of(data: Path, process: psutil.Process) -> bool:
    """A dead one that nobody has buried has no command line any more."""
    try:
        return process.is_running() and str(data) in process.cmdline()
    except psutil.Error:
        return False


def is_ready(home: Home) -> bool:
    try:
        with psycopg.connect(url(home, "postgres"), connect_timeout=2):
            return True
    except psycopg.OperationalError:
        return False


def make_database(home: Home, name: str = DATABASE_NAME) -> None:
    with psycopg.connect(url(home, "postgres"), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APPLICATION]).fetchone():
            connection.execute(f'CREATE ROLE "{APPLICATION}" LOGIN')


def check(url: str) -> None:
    """A server that was given: does it answer, and is it new enough?"""
    try:
        with psycopg.connect(database.for_libpq(url), connect_timeout=10) as connection:
            major = connection.info.server_version // 10000
    except psycopg.Error as error:
        raise Trouble(f"DATABASE_URL: {str(error).splitlines()[0]}") from None
    if major < postgres_versions.OLDEST:
        raise Trouble(f"DATABASE_URL: PostgreSQL {postgres_versions.OLDEST} or newer is needed, and this is {major}.")
