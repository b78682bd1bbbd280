"""Finding the programs of a server: what the machine has, or what a wheel brought."""

import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from standalone.paths import Home, Trouble, is_open_to_all

WHEEL, SYSTEM = "wheel", "system"


def choice(name: str, environment: Mapping[str, str]) -> str:
    """`EMBEDDED_POSTGRES` and `EMBEDDED_REDIS` force one source; empty means the machine's first, then the wheel's."""
    value = environment.get(name, "")
    if value not in {"", WHEEL, SYSTEM}:
        raise Trouble(f"{name} must be `wheel` or `system`, not {value!r}.")
    return value


def search_path() -> list[Path]:
    """PATH, and places where packages put servers without putting them on everybody's PATH."""
    path = os.environ.get("PATH", os.defpath).split(os.pathsep)
    more = ["/usr/local/bin", "/usr/bin", "/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin", "/opt/local/bin"]
    return [Path(folder) for folder in dict.fromkeys([*path, *more]) if folder]


def usable(name: str, folders: Iterable[Path], home: Home) -> Iterator[Path]:
    """The programs of that name, each once, that the servers' account may run."""
    for program in dict.fromkeys(behind_links(folder / name) for folder in folders):
        if program.is_file() and (not home.account.is_other or is_open_to_all(program)):
            yield program


def behind_links(program: Path) -> Path:
    """Where it lies among its own, unless it is called otherwise there: Debian's redis-server is a link to another
    program of Redis, which goes by the name that it is started with.
    """
    found = program.resolve()
    return found if found.name == program.name else program.parent.resolve() / program.name


def version(program: Path) -> tuple[int, ...]:
    """`(15, 8)` of "postgres (PostgreSQL) 15.8"; nothing if it does not run."""
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    found = re.search(r"\d+(\.\d+)+", done.stdout)
    return tuple(map(int, found[0].split("."))) if found else ()
