"""One reminder to who has not confirmed: it waits in the outbox, and with it the encrypted address.

It goes when its signature is confirmed, counted by paper, withdrawn, invalidated or erased, found by the index
`outbox_reminder`: what that costs grows with those signatures, not with all reminders that wait.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection

from campaign.outbox.models import Item
from petitions.models import Signature

REMINDER = "petitions.reminder"
LIFETIME = timedelta(days=7)  # of a link that was not used

# What a worker has in hand stays: it finds that nobody waits for a link, and lets it go. The kind stands in it so that
# the index is used whatever plan is made.
FORGET = """
    DELETE FROM outbox_item
    WHERE kind = 'petitions.reminder'
        AND payload -> 'signature' = ANY(ARRAY(SELECT to_jsonb(key) FROM unnest(%(signatures)s::bigint[]) AS key))
        AND state IN ('waiting', 'dead', 'refused')
"""


def put(beginnings: Iterable[tuple[Item, Signature]]) -> None:
    """For each of them one, if its petition reminds; the secret is that of the first mail."""
    Item.objects.bulk_create(
        Item(kind=REMINDER, payload={"signature": signature.pk}, sealed_secret=item.sealed_secret, due_at=due_at)
        for item, signature in beginnings
        if (due_at := due_for(signature))
    )


def due_for(signature: Signature) -> datetime | None:
    days = signature.petition.remind_after_days
    ends_at = signature.token_expires_at
    return ends_at - LIFETIME + timedelta(days=days) if days and ends_at else None


def forget(*signatures: Signature) -> None:
    with connection.cursor() as cursor:
        cursor.execute(FORGET, {"signatures": [signature.pk for signature in signatures]})
