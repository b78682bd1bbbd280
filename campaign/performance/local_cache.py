"""What may be a moment old, kept in this process for KEEP_SECONDS: a rush asks the database as rarely as a quiet day.

    @kept
    def find(slug: str) -> Petition | None: ...

Nothing personal is kept, and nothing that is changed by whoever gets it. What must be true at once (is the petition
open?) is asked again by the statement that acts on it. Nor is anything kept, or shown again, within a transaction,
which sees what nobody else may see yet and may be undone. Previews are built in memory and pass their drafts along
(pages/content/preview.py): what is kept here is always what visitors see.
"""

import time
from collections.abc import Callable, Hashable
from functools import wraps

from django.conf import settings
from django.db import connection

MOST_ANSWERS = 500  # answers of one function, or pages; then it begins anew


def kept[**P, R](read: Callable[P, R]) -> Callable[P, R]:
    """Remembers what `read` returned for its arguments; what it raises is not remembered."""
    answers: dict[Hashable, tuple[float, R]] = {}

    @wraps(read)
    def recent(*args: P.args, **kwargs: P.kwargs) -> R:
        if not settings.KEEP_SECONDS or connection.in_atomic_block:
            return read(*args, **kwargs)
        key = (args, *kwargs.items())
        known, now = answers.get(key), time.monotonic()
        if known and now < known[0]:
            return known[1]
        if known and now < known[0] + settings.KEEP_SECONDS:  # the others are given it while it is read anew
            answers[key] = (now + settings.KEEP_SECONDS, known[1])
        fresh = read(*args, **kwargs)
        if len(answers) >= MOST_ANSWERS:
            answers.clear()
        answers[key] = (time.monotonic() + settings.KEEP_SECONDS, fresh)
        return fresh

    return recent
