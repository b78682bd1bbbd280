"""A disk of one's own without room, for whatever is written to it."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.live.lacking import lacking


@contextmanager
def full_disk(place: Path) -> Iterator[Path]:
    """Mounted at `place`; there is room again once the file `filler` is gone."""
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", place], check=False).returncode:
        lacking("the right to mount a disk, which root has")
    try:
        with pytest.raises(OSError, match="No space left"):
            (place / "filler").write_bytes(bytes(1 << 20))
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)
