"""Run the purges in settings.PURGES: each app names what it deletes, and decides when.

A purge is a function without arguments that returns how many rows it cleared. It works in batches that are committed
one by one, so that after an interruption it goes on the next time.
"""

import logging

from django.conf import settings
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)


class Unfinished(Exception):
    """Some purges failed; the others are done."""


def purge_all() -> dict[str, int]:
    """Run all purges, even if one of them fails; return the rows cleared by each. Raises Unfinished at the end."""
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
