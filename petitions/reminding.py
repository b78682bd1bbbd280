"""One reminder to who has not confirmed: it waits in the outbox, and with it the encrypted address.

Confirming takes it out again, found by the moment at which it is due, which is told by the end of the link. One that is
not found so (the mail was sent again, staff changed the days) goes when it is due, since nobody needs it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from campaign.outbox import work
from campaign.outbox.models import Item
from petitions.models import Signature

REMINDER = "petitions.reminder"
LIFETIME = timedelta(days=7)  # of a link that was not used

# The state stands in it so that the outbox's index of waiting work is used whatever plan is made.
FORGET = """
    DELETE FROM outbox_item
    WHERE state = 'waiting' AND kind = %(kind)s AND due_at = %(due_at)s
        AND payload = jsonb_build_object('signature', %(signature)s::bigint)
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


def forget(signature: Signature) -> bool:
    """It is confirmed; call this while the end of its link is still known. Whether one was found."""
    due_at = due_for(signature)
    if due_at is None:
        return False
    with connection.cursor() as cursor:
        cursor.execute(FORGET, {"kind": REMINDER, "due_at": due_at, "signature": signature.pk})
        return bool(cursor.rowcount)


def forget_at_once(signature: Signature) -> None:
    """Its signer leaves, and the address with it. Half a second among a million reminders if it is not found above."""
    may_wait = timezone.now().date() <= signature.signed_on + LIFETIME
    if not forget(signature) and may_wait:
        work.cancel(REMINDER, signature=signature.pk)
