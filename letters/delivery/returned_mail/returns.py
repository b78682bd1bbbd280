"""What becomes of a letter that came back: the next channel takes it; else its writer and staff are told.

A report may come before the worker has recorded that the letter went: it is then taken later (NotYet).
"""

import logging
from typing import Any

from anymail.signals import EventType
from django.db import transaction

from campaign.mail import smtp_errors
from campaign.mail.reports import NotYet
from letters.delivery import changeover, dispatch, notifications
from letters.delivery.channels import NoChannel, open_channels
from letters.delivery.returned_mail import marks
from letters.models import Attempt, ChannelName, Delivery
from letters.models.delivery_states import State

logger = logging.getLogger(__name__)

UNDELIVERED = {EventType.BOUNCED, EventType.REJECTED, EventType.FAILED}
GONE = {State.ACCEPTED, State.UNKNOWN}


@transaction.atomic
def take_back(delivery_id: str, *, reason: str, is_address_dead: bool, is_certain: bool = True) -> bool:
    """Record that a mailed letter came back; return whether there is such a letter. Raises NotYet.

    Unless it `is_certain` that the office does not have it, no other channel gets it before staff have looked.
    """
    mailed = Delivery.objects.with_letter().filter(delivery_id=delivery_id, channel=ChannelName.EMAIL)
    delivery = mailed.select_for_update(of=("self",)).first()
    if delivery is None:
        return False
    if delivery.state == State.SENDING:
        raise NotYet
    if delivery.state not in GONE:  # reported before, or sent again since
        return True
    delivery.become(State.REJECTED)
    note(delivery, f"came back later: {reason}")
    logger.info("delivery %s came back", delivery.pk)
    if is_certain:
        go_on(delivery, is_address_dead=is_address_dead, reason=reason)
    else:
        delivery.letter.office.note_mail_returned(reason, is_for_good=False)
        notifications.ask_for_hand(delivery)
    return True


def note(delivery: Delivery, words: str) -> None:
    """Add words to what is known of the last attempt."""
    if last := Attempt.objects.filter(delivery=delivery).last():
        Attempt.objects.filter(pk=last.pk).update(detail=f"{last.detail or ''}\n{words}".strip())


def go_on(delivery: Delivery, *, is_address_dead: bool, reason: str) -> None:
    """Give a letter that was just rejected to the next channel; tell its writer if there is none, or it was not mailed.

    A system that rejects a letter has read it, and would be asked the same by another channel: that is for staff.
    """
    office = delivery.letter.office
    if delivery.channel == ChannelName.EMAIL:
        office.note_mail_returned(reason, is_for_good=is_address_dead)
        if not office.is_current and delivery.letter.content:
            changeover.settle(delivery)
            return
        if delivery.letter.content and has_other_way(delivery):
            delivery.become(State.READY, returned_by=ChannelName.EMAIL)
            dispatch.send(delivery)
            return
    notifications.ask_for_hand(delivery)


def has_other_way(delivery: Delivery) -> bool:
    delivery.returned_by = ChannelName.EMAIL
    with open_channels() as channels:
        try:
            channels.of_letter(delivery)
        except NoChannel:
            return False
    return True


def take_report(event: Any, *, is_for_good: bool) -> bool:
    """Take a mail provider's report, if it is about a letter; return whether it is. Raises NotYet."""
    ids = marks.ids_in_report(event)
    for delivery_id in ids:
        if event.event_type == EventType.COMPLAINED:
            stop(delivery_id)
        elif event.event_type in UNDELIVERED:
            words = " ".join(filter(None, [event.mta_response, event.description])) or str(event.event_type)
            is_dead = is_for_good or smtp_errors.is_no_address(words)
            take_back(delivery_id, reason=words, is_address_dead=is_dead, is_certain=is_dead)
    return bool(ids)


def stop(delivery_id: str) -> None:
    """Somebody in the office called a letter spam: they have it, and no further one goes to this address."""
    for delivery in Delivery.objects.with_letter().filter(delivery_id=delivery_id):
        delivery.letter.office.note_mail_returned("called spam by the office", is_for_good=True)
