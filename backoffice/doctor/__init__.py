"""Look whether the site is set up as it should be, as `manage.py doctor` does: each finding says what to do.

    for section, check in CHECKS:
        for finding in check(Asked()): ...

A check looks and changes nothing. What it cannot look at it says, instead of calling it good.
"""

from collections.abc import Callable, Iterator

from backoffice.doctor import content, database, folders, mail, proxy, settings, work
from backoffice.doctor.findings import Asked, Finding, Level

CHECKS: list[tuple[str, Callable[[Asked], Iterator[Finding]]]] = [
    ("Settings", settings.check),
    ("Database", database.check),
    ("Folders", folders.check),
    ("Work", work.check),
    ("Mail", mail.check),
    ("Public address", proxy.check),
    ("Content", content.check),
]

__all__ = ["CHECKS", "Asked", "Finding", "Level"]
