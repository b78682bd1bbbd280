"""Putting work into the outbox, and taking it out again."""

import json
from datetime import datetime
from typing import Any

from django.db.models.functions import Now

from campaign.outbox.models import GIVEN_UP, Item, State
from campaign.secrecy import encryption

# `put` within a statement that writes what the work is about: one way to the database and back instead of four.
# `{kind}`, `{payload}` and `{sealed}` are SQL over the columns of `{source}`.
PUT = """
    INSERT INTO outbox_item (kind, payload, sealed_secret, state, due_at, token, attempts, reason)
    SELECT {kind}, {payload}, {sealed}, 'waiting', now(), 0, 0, '' FROM {source}
"""


def put(
    kind: str,
    *,
    payload: dict[str, Any],
    secret: dict[str, Any] | None = None,
    due_at: datetime | None = None,
) -> Item:
    """Write one piece of work; call it inside the transaction that makes the work necessary."""
    sealed = seal(secret) if secret is not None else None
    times = {"due_at": due_at} if due_at else {}
    return Item.objects.create(kind=kind, payload=payload, sealed_secret=sealed, **times)


def seal(secret: dict[str, Any]) -> bytes:
    return encryption.encrypt(json.dumps(secret))


def cancel(kind: str, **payload: Any) -> int:
    """Remove work of `kind` whose payload holds these values, waiting or given up; the number removed.

    Work that a worker has begun is not removed: its handler must look at the state of what it works on.
    """
    mine = Item.objects.filter(kind=kind, payload__contains=payload)
    return sum(mine.filter(state=state).delete()[0] for state in [State.WAITING, *GIVEN_UP])  # each has its own index


def again(kind: str, *, payload: dict[str, Any]) -> None:
    """What was given up is tried again; if it is gone, it is put anew."""
    given_up = Item.objects.given_up().filter(kind=kind, payload=payload).first()
    if not (given_up and retry(given_up)):
        put(kind, payload=payload)


def retry(item: Item) -> bool:
    """Staff's word to try again what was given up, with its attempts counted anew; not if its secret is gone by now."""
    fresh = {"state": State.WAITING, "attempts": 0, "due_at": Now(), "reason": ""}
    return bool(Item.objects.given_up().filter(pk=item.pk).exclude(payload__has_key="is_forgotten").update(**fresh))
