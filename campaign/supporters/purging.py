"""The clock of retention: every app names in settings.PURGES what it forgets, and when is its own affair.

A purge is a function without arguments. It works in batches that are committed one by one, so that one that is stopped
goes on the next time, and returns how many rows it cleared.
"""

import logging

from django.conf import settings
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)


class Unfinished(Exception):
    """Some purges failed; the others have been done."""


def purge() -> dict[str, int]:
    """Run them all, also if one of them fails. Raises Unfinished at the end."""
    cleared, failed = {}, []
    for path in settings.PURGES:
        try:
            cleared[path] = import_string(path)()
        except Exception:
            logger.exception("%s failed", path)
            failed.append(path)
    if failed:
        raise Unfinished(", ".join(failed))
    return cleared
