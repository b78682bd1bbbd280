"""Late refusals: the Senate's system may accept a letter and refuse it later, by mail to the acknowledgement address.

A mail changes something only if it names a letter that was accepted through that system, says that it was refused, and
has a proven sender: our own mail server must have found a valid signature of one of LETTER_INBOX_SENDERS.
"""

import logging
from email import message_from_bytes, policy

from django.conf import settings
from django.db import transaction

from letters.delivery.inbound import boxes
from letters.delivery.inbound.refusals import Refusal, refusal_in
from letters.models import Attempt, ChannelName, Delivery
from letters.models.delivery_states import State

logger = logging.getLogger(__name__)


def read() -> int:
    """Read the unread mail in the box that LETTER_INBOX_URL names; return how many letters it refused."""
    if not settings.LETTER_INBOX_URL:
        return 0
    refused = 0
    with boxes.open_box(settings.LETTER_INBOX_URL) as box:
        for key, raw in box.unread():
            refusal = understood(raw)
            is_known = refusal is not None and record(refusal)
            box.mark_read(key, is_known=is_known)
            refused += is_known
    return refused


def understood(raw: bytes) -> Refusal | None:
    """Return the refusal in a mail, or None; a mail that Python cannot parse must not block those after it."""
    try:
        return refusal_in(message_from_bytes(raw, policy=policy.default))
    except Exception as error:  # noqa: BLE001  # parsing raises many kinds of errors
        logger.warning("a mail in the inbox cannot be read: %s", type(error).__name__)
        return None


@transaction.atomic
def record(refusal: Refusal) -> bool:
    """Record a refusal; return whether it was about a letter that the Senate's system had accepted."""
    mine = Delivery.objects.filter(channel=ChannelName.SENATE_API, state=State.ACCEPTED)
    delivery = mine.filter(delivery_id__in=refusal.ids).select_for_update().first()
    if delivery is None:
        return False
    delivery.become(State.REJECTED)
    last = Attempt.objects.filter(delivery=delivery).last()
    if last:
        Attempt.objects.filter(pk=last.pk).update(
            detail=f"{last.detail or ''}\nlater, by mail: {refusal.reason}".strip()
        )
    logger.info("delivery %s was refused later, by mail", delivery.pk)
    return True
