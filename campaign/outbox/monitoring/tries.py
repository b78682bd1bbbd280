"""How tries of work have ended, counted by kind since the site began: what is done is deleted, and no row tells of it.

A worker adds what one batch came to in one statement, after all of it is settled; what it had in hand when it was
killed or the database was lost is missing. For looking at, not for accounts.
"""

import json
from collections.abc import Mapping

from django.db import connection

from campaign.outbox.handlers import Dead, Done, Outcome, Refused, Retry

DONE, FAILED, PUT_OFF, GIVEN_UP, REFUSED = "done", "failed", "put off", "given up", "refused"

ADD = """
    INSERT INTO outbox_tries (kind, ending, number)
    SELECT %s, key, value::bigint FROM jsonb_each_text(%s::jsonb) ORDER BY key
    ON CONFLICT (kind, ending) DO UPDATE SET number = outbox_tries.number + excluded.number
"""


def ending(outcome: Outcome, *, is_last: bool = False) -> str:
    """Name how a try ended; one that fails as the last of an item's gives it up.

    >>> ending(Retry(""), is_last=True)
    'given up'
    >>> [ending(outcome) for outcome in (Done(), Retry(""), Retry("", is_spent=False), Dead(""), Refused(""))]
    ['done', 'failed', 'put off', 'given up', 'refused']
    """
    match outcome:
        case Done():
            return DONE
        case Retry():
            return PUT_OFF if not outcome.is_spent else GIVEN_UP if is_last else FAILED
        case Refused():
            return REFUSED
        case Dead():
            return GIVEN_UP


def add(kind: str, endings: Mapping[str, int]) -> None:
    """Add to what is known; nothing where there is nothing to add."""
    if endings:
        with connection.cursor() as cursor:
            cursor.execute(ADD, [kind, json.dumps(endings)])
