"""Mail about letters: those that came back, what an office's mail system answers by itself, and late refusals.

A mail that bears the mark of a letter (letters/delivery/returned_mail/marks.py) is about a letter sent by mail. The
Senate's system may accept a letter and refuse it later, by mail to the acknowledgement address: such a mail changes
something only if it names a letter that went or may have gone through that system, says in a field or its subject that
it was refused, and has a proven sender: our own mail server must have found a valid signature of one of
LETTER_INBOX_SENDERS.
"""

import logging
from email import message_from_bytes, policy

from django.conf import settings
from django.db import transaction

from campaign.mail.reports import NotYet
from letters.delivery import notifications
from letters.delivery.inbound import answers, boxes
from letters.delivery.inbound.bounces import bounce_in, is_report
from letters.delivery.inbound.messages import letters_named
from letters.delivery.inbound.refusals import Refusal, refusal_in
from letters.delivery.returned_mail import returns
from letters.models import ChannelName, Delivery
from letters.models.delivery_states import State

logger = logging.getLogger(__name__)


def read() -> int:
    """Read the unread mail in the box that LETTER_INBOX_URL names; return how many of them were about a letter."""
    if not settings.LETTER_INBOX_URL:
        return 0
    known = 0
    with boxes.open_box(settings.LETTER_INBOX_URL) as box:
        for key, raw in box.unread():
            try:
                is_known = take(raw)
            except NotYet:  # it stays unread until its letter has been recorded
                continue
            box.mark_read(key, is_known=is_known)
            known += is_known
    return known


def take(raw: bytes) -> bool:
    """Take a mail; return whether it was about a letter. Raises NotYet.

    A mail that Python cannot parse must not block those after it.
    """
    try:
        message = message_from_bytes(raw, policy=policy.default)
        ids, bounce, refusal = letters_named(message), bounce_in(message), refusal_in(message)
        answer = "" if bounce or is_report(message) else answers.text_of(message)
    except Exception as error:  # noqa: BLE001  # parsing raises many kinds of errors
        logger.warning("a mail in the inbox cannot be read: %s", type(error).__name__)
        return False
    if not ids:
        return refusal is not None and record(refusal)
    if bounce:
        words, is_dead = bounce.reason, bounce.is_address_dead
        taken = [returns.take_back(one, reason=words, is_address_dead=is_dead) for one in ids]
    else:
        taken = [answers.keep(one, answer) for one in ids if answer]
    return any(taken)


@transaction.atomic
def record(refusal: Refusal) -> bool:
    """Record a refusal; return whether it was about letters that a system of Congress has or may have. Raises NotYet.

    A letter of which it is not known yet how its attempt ended may be refused before we record that it was accepted.
    """
    systems = [ChannelName.SENATE_API, ChannelName.HOUSE_API]
    named = Delivery.objects.filter(channel__in=systems, delivery_id__in=refusal.ids)
    deliveries = list(named.select_for_update().order_by("pk"))
    if any(is_under_way(one) for one in deliveries):
        raise NotYet
    refused = [one for one in deliveries if one.state in returns.GONE]
    for delivery in refused:
        delivery.become(State.REJECTED)
        returns.note(delivery, f"later, by mail: {refusal.reason}")
        notifications.ask_for_hand(delivery)
        logger.info("delivery %s was refused later, by mail", delivery.pk)
    return bool(refused)


def is_under_way(delivery: Delivery) -> bool:
    return delivery.state == State.SENDING or (delivery.state == State.READY and delivery.bound_to != "")
