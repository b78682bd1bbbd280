"""The site's modules and templates as files, for `make dev`: what runs starts anew when one has changed."""

import time
from pathlib import Path

from standalone.paths import ROOT

FOLDERS = ("backoffice", "campaign", "letters", "pages", "petitions", "templates")
SUFFIXES = {".py", ".html", ".txt"}  # a process that has used a template keeps it, as mails are in a worker
LOOK_SECONDS = 1.0  # between two looks, each of which takes some milliseconds


class Sources:
    def __init__(self) -> None:
        self.seen = changes()
        self.seen_at = time.monotonic()

    def have_changed(self) -> bool:
        """Return whether a file is new, gone or written anew since this was last true; looks once a second."""
        if time.monotonic() - self.seen_at < LOOK_SECONDS:
            return False
        before, self.seen = self.seen, changes()
        self.seen_at = time.monotonic()
        return self.seen != before


def changes() -> dict[Path, int]:
    """Return when each file was last written. One that vanishes meanwhile is left out."""
    found = {}
    for path in (path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.suffix in SUFFIXES):
        try:
            found[path] = path.stat().st_mtime_ns
        except FileNotFoundError:
            continue
    return found
