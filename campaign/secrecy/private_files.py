"""Files that nobody else on the machine may read."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any


def for_owner(name: str, flags: int) -> int:
    """Open a file that only its owner can read; an opener for `open`."""
    return os.open(name, flags, 0o600)


@contextmanager
def whole(path: Path, mode: str = "w", **how: Any) -> Iterator[IO[Any]]:
    """Open a file for its owner alone that gets its name only once it is completely written, and on the disk.

    `how` is passed to `open`.
    """
    if path.exists() and not path.is_file():
        raise OSError(f"{path} is no file")
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        with open(unfinished, mode, opener=for_owner, **how) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        sync_folder(path.parent)
    finally:
        unfinished.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Have the names in the folder on the disk: a new one, or that one is gone."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
