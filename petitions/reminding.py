"""One reminder to who has not confirmed: it waits in the outbox from the signing on, and with it the encrypted address.

Confirming takes it out again, found by the moment at which it is due, which is told by the end of the link. One that is
not found so (the mail was sent again, staff changed the days) goes when it is due, since nobody needs it.
"""

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from campaign.outbox import work
from petitions.models import Petition, Signature

REMINDER = "petitions.reminder"
LIFETIME = timedelta(days=7)  # of a link that was not used

# The state stands in it so that the outbox's index of waiting work is used whatever plan is made.
FORGET = """
    DELETE FROM outbox_item
    WHERE state = 'waiting' AND kind = %(kind)s AND due_at = %(due_at)s
        AND payload = jsonb_build_object('signature', %(signature)s::bigint)
"""


def after(petition: Petition) -> timedelta:
    """So long after signing; nothing if this petition does not remind."""
    return timedelta(days=petition.remind_after_days)


def forget(signature: Signature) -> bool:
    """It is confirmed; call this while the end of its link is still known. Whether one was found."""
    if not (signature.token_expires_at and signature.petition.remind_after_days):
        return False
    due_at = signature.token_expires_at - LIFETIME + after(signature.petition)
    with connection.cursor() as cursor:
        cursor.execute(FORGET, {"kind": REMINDER, "due_at": due_at, "signature": signature.pk})
        return bool(cursor.rowcount)


def forget_at_once(signature: Signature) -> None:
    """Its signer leaves, and the address with it. Half a second among a million reminders if it is not found above."""
    may_wait = timezone.now().date() <= signature.signed_on + LIFETIME
    if not forget(signature) and may_wait:
        work.cancel(REMINDER, signature=signature.pk)
