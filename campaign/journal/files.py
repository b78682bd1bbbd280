"""The journal's files: one for each process, day and timeline, a line of JSON for each entry.

    <JOURNAL_FOLDER>/<site>/<timeline>.<day>.<host>.<process>.<random>.jsonl

Only one process writes to a file, so only its last line can be torn; a process that failed to write a whole line begins
another file. The time stands in a line only where the minute is another than in the line before: nothing needs it more
exactly, and it should not tell anybody.
"""

import heapq
import json
import os
import platform
import re
import secrets
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from campaign.database import clock
from campaign.journal.position import Place
from campaign.secrecy.private_files import for_owner, sync_folder

JournalLine = dict[str, Any]
BEAT = "beat"  # the kind of a line that says only that the site was running
GAP = "gap"  # the kind of a line that says that lines before it are missing
TAIL = 64 * 1024  # bytes in which the last line is found
HOST = platform.node()
NAME = "folder"  # the file that holds the name of the folder


class JournalFolder:
    """The journal of one database, as far as this machine has it."""

    def __init__(self, site: str) -> None:
        self.path = Path(settings.JOURNAL_FOLDER) / site

    @property
    def is_there(self) -> bool:
        return (self.path / NAME).is_file()

    def make(self) -> None:
        """Make it, for its owner alone, with a name by which the database knows it. Raises OSError.

        Of processes that do so at once, one names it, and none reads half a name.
        """
        if self.is_there:
            return
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path.mkdir(mode=0o700, exist_ok=True)
        mine = self.path / f"{NAME}.{secrets.token_hex(6)}"
        try:
            with open(mine, "x", opener=for_owner) as file:
                file.write(secrets.token_hex(6))
            with suppress(FileExistsError):
                (self.path / NAME).hardlink_to(mine)
        finally:
            mine.unlink(missing_ok=True)

    @property
    def name(self) -> str:
        """Return the name that it was given. Raises OSError."""
        return (self.path / NAME).read_text()

    def files(self, timeline: str = "*") -> list[Path]:
        return sorted(self.path.glob(f"{timeline}.*.jsonl"))

    def ends(self) -> dict[str, int]:
        """Return the newest number of each timeline."""
        ends: dict[str, int] = {}
        for path in self.files():
            timeline = path.name.partition(".")[0]
            ends[timeline] = max(ends.get(timeline, 0), last_number(path))
        return ends

    def unreadable(self, timelines: Iterable[str]) -> int:
        """Return how many files of these are another account's, as after a command that was run by root."""
        return sum(not os.access(path, os.R_OK) for timeline in timelines for path in self.files(timeline))

    def lines_after(self, cuts: Mapping[str, int]) -> Iterator[JournalLine]:
        """Yield the lines of these timelines with numbers above that of each, in the order of their numbers."""
        for timeline, cut in cuts.items():
            newer = [path for path in self.files(timeline) if last_number(path) > cut]
            merged = heapq.merge(*(read(path) for path in newer), key=lambda line: line["n"])
            yield from (line for line in merged if line["n"] > cut)


def read(path: Path) -> Iterator[JournalLine]:
    """Yield the whole lines, each with its time; for one that cannot be read, a line that says that it is missing."""
    number, time = 0, ""
    with path.open("rb") as file:
        for text in file:
            if not text.endswith(b"\n"):
                return
            line = parsed_line(text) or {"n": number, "k": GAP, "missed": 1}
            number, time = line["n"], line.setdefault("t", time)
            yield line


def parsed_line(text: bytes) -> JournalLine | None:
    try:
        line = json.loads(text)
    except ValueError:
        return None
    is_line = isinstance(line, dict) and isinstance(line.get("n"), int) and isinstance(line.get("k"), str)
    return line if is_line else None


def last_number(path: Path) -> int:
    """Return the number of the last whole line; 0 if there is none, or the file is gone."""
    try:
        with path.open("rb") as file:
            file.seek(max(path.stat().st_size - TAIL, 0))
            texts = file.read().splitlines(keepends=True)
    except OSError:
        return 0
    for text in reversed(texts):
        if text.endswith(b"\n") and (line := parsed_line(text)):
            return int(line["n"])
    return 0


class Writer:
    """The file of this process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        self.path: Path | None = None
        self.descriptor = -1
        self.belongs_to: tuple[object, ...] = ()
        self.minute = ""
        self.missed = 0  # lines that could not be written since the last that could

    def write(self, place: Place, lines: Sequence[JournalLine], *, is_synced: bool) -> None:
        """Append the lines, each with the number of `place`; return once they are on the disk. Raises OSError."""
        with self.lock:
            try:
                self.open(place)
                self.append(place, lines)
                if is_synced:
                    os.fdatasync(self.descriptor)
            except OSError:
                self.missed += len(lines)
                self.close()
                raise
            self.missed = 0

    def append(self, place: Place, lines: Sequence[JournalLine]) -> None:
        missed = [{"k": GAP, "missed": self.missed}] if self.missed else []
        minute = place.at.strftime("%Y-%m-%dT%H:%MZ")
        time = {} if minute == self.minute else {"t": minute}
        texts = [json.dumps({"n": place.number, **line, **time}, separators=(",", ":")) for line in [*missed, *lines]]
        data = "".join(f"{text}\n" for text in texts).encode()
        if os.write(self.descriptor, data) != len(data):
            raise OSError("no room for a whole line")
        self.minute = minute

    def open(self, place: Place) -> None:
        """Go on in the same file, or begin one: of this process, of today, of this timeline."""
        day = clock.now().date()
        owner = (os.getpid(), settings.JOURNAL_FOLDER, place.site, place.timeline, day)
        if self.belongs_to == owner and self.path and self.path.exists():
            return
        self.close()
        folder = JournalFolder(place.site)
        folder.make()
        host = re.sub(r"[^a-zA-Z0-9-]", "-", HOST)
        name = f"{place.timeline}.{day:%Y%m%d}.{host}.{os.getpid()}.{secrets.token_hex(3)}.jsonl"
        self.path = folder.path / name
        self.descriptor = for_owner(str(self.path), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND)
        self.belongs_to = owner
        sync_folder(folder.path)
        purge()

    def close(self) -> None:
        """Leave the file; one that was inherited from a parent process is closed here alone."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
        self.path, self.descriptor, self.belongs_to, self.minute = None, -1, (), ""


writer = Writer()


def purge() -> int:
    """Delete files of days that lie further back than backups are kept; return how many."""
    oldest = f"{clock.now() - timedelta(days=settings.JOURNAL_DAYS):%Y%m%d}"
    old = [path for path in Path(settings.JOURNAL_FOLDER).glob("*/*.jsonl") if path.name.split(".")[1] < oldest]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
