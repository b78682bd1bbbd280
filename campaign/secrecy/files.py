"""Files that hold what nobody else on the machine may read."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any


def for_owner(name: str, flags: int) -> int:
    """How `open` opens a file that only its owner can read."""
    return os.open(name, flags, 0o600)


@contextmanager
def whole(path: Path, mode: str = "w", **how: Any) -> Iterator[IO[Any]]:
    """A file for its owner alone, which has its name only once it is written to its end. `how` is that of `open`."""
    if path.exists() and not path.is_file():
        raise OSError(f"{path} is no file")
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        with open(unfinished, mode, opener=for_owner, **how) as file:
            yield file
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
