"""Folders: are they there, whose are they, and is there room?"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage

from backoffice.doctor.findings import Asked, Finding, bad, good, look

LEAST_BYTES, LEAST_SHARE = 1 << 30, 0.1
SWAPS = Path("/proc/swaps")
PRIVATE = ("KEY_FOLDER", "JOURNAL_FOLDER")


def check(asked: Asked) -> Iterator[Finding]:
    ours = {
        "MEDIA_FOLDER": settings.MEDIA_ROOT,
        "KEY_FOLDER": settings.KEY_FOLDER,
        "JOURNAL_FOLDER": settings.JOURNAL_FOLDER,
    }
    if settings.MEDIA_BUCKET:
        del ours["MEDIA_FOLDER"]
        yield bucket()
    for name, folder in ours.items():
        yield from usable(name, Path(folder))
    yield from static_files()
    yield from keys_apart({name: Path(folder).resolve() for name, folder in ours.items()})
    yield from swap()


def usable(name: str, folder: Path) -> Iterator[Finding]:
    if not folder.is_dir() or not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield bad(
            f"{name} {folder} is not there, or not this account's",
            f"install -d -o ACCOUNT -m 0700 {folder}, with the account that runs the site.",
        )
        return
    if name in PRIVATE and folder.stat().st_mode & 0o077:
        yield bad(f"others on this machine can look into {name} {folder}", f"chmod 700 {folder}")
    yield room(name, folder)


def bucket() -> Finding:
    try:
        default_storage.listdir("")
    except OSError as error:
        return bad(f"the storage of pictures cannot be used: {error.strerror}", "Look at MEDIA_BUCKET and its keys.")
    return good("MEDIA_BUCKET can be read")


def room(name: str, folder: Path) -> Finding:
    usage = shutil.disk_usage(folder)
    left = f"{usage.free / (1 << 30):.1f} GB of {usage.total / (1 << 30):.0f} are free for {name}"
    if usage.free < LEAST_BYTES or usage.free < LEAST_SHARE * usage.total:
        return bad(left, "Make room, or move the folder: a full disk stops signatures.")
    return good(left)


def static_files() -> Iterator[Finding]:
    if not any(Path(settings.STATIC_ROOT).glob("*")):
        yield bad(f"STATIC_FOLDER {settings.STATIC_ROOT} is empty: pages have no style", "manage.py collectstatic")


def keys_apart(folders: dict[str, Path]) -> Iterator[Finding]:
    keys = folders.pop("KEY_FOLDER")
    within = [name for name, folder in folders.items() if keys.is_relative_to(folder)]
    if within:
        yield bad(f"KEY_FOLDER lies in {within[0]}, which is copied", "Move it: its keys must be gone once destroyed.")


def swap() -> Iterator[Finding]:
    if SWAPS.exists() and len(SWAPS.read_text().splitlines()) > 1:
        yield look(
            "this machine swaps: keys of memory may stay on its disk", "swapoff, or MemorySwapMax=0 as deploy/ has."
        )
