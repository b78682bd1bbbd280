"""Telling constituents where their letters are, and which of them need their own hand: one mail for all of theirs."""

import logging
from datetime import timedelta

from cryptography.fernet import InvalidToken
from django.db.models.functions import Now

from campaign.database import clock
from campaign.outbox import queue
from campaign.protection.limits import rate_limits
from campaign.secrecy.addresses import fingerprint
from letters.models import Constituent, Delivery

logger = logging.getLogger(__name__)

YOUR_LETTERS = "letters.your-letters"
CANCELLED = "letters.cancelled"
SENATOR_LEFT = "letters.senator-left"
WAIT_FOR_OTHER = timedelta(minutes=2)  # the letter to the other senator may need the same
REPEAT_LIMITS = (rate_limits.Limit(1, timedelta(minutes=15)), rate_limits.Limit(3, timedelta(days=1)))


def ask_for_hand(delivery: Delivery) -> None:
    """Put the mail into the outbox, unless one waits already; call it in the transaction that makes it necessary."""
    constituent = writer_of(delivery)
    if constituent and constituent.note_asked(WAIT_FOR_OTHER):
        put_soon(YOUR_LETTERS, constituent)


def tell_cancelled(delivery: Delivery) -> None:
    """Put the mail into the outbox in place of one that waits; call it in the transaction that cancels the letter."""
    constituent = writer_of(delivery)
    if constituent and constituent.confirmed_at:
        queue.forget([CANCELLED], [constituent.pk])
        put_soon(CANCELLED, constituent)


def tell_senator_left(delivery: Delivery) -> None:
    """Put the mail about this letter into the outbox; call it in the transaction that cancels the letter."""
    constituent = writer_of(delivery)
    if constituent and constituent.confirmed_at:
        payload, secret = {"delivery": delivery.pk}, {"address": constituent.sender.email}
        queue.put(SENATOR_LEFT, subject=constituent.pk, payload=payload, secret=secret)


def writer_of(delivery: Delivery) -> Constituent | None:
    """Return the constituent, or None if they are erased or cannot be read."""
    try:
        constituent = Constituent.objects.get(letters__delivery=delivery.pk)
    except InvalidToken:
        logger.error("delivery %s: its constituent cannot be read, and so not be told", delivery.pk)
        return None
    return constituent if constituent.private else None


def put_soon(kind: str, constituent: Constituent) -> None:
    """Put the mail into the outbox, for a moment when the letter to the other senator has had its turn as well."""
    payload, secret = {"constituent": constituent.pk}, {"address": constituent.sender.email}
    queue.put(kind, subject=constituent.pk, payload=payload, secret=secret, due_at=clock.now() + WAIT_FOR_OTHER)


def ask_again(constituent: Constituent) -> None:
    """At the constituent's own wish, within limits; the same answer in any case."""
    address = constituent.sender.email
    if rate_limits.take(fingerprint(address, YOUR_LETTERS), REPEAT_LIMITS):
        payload = {"constituent": constituent.pk, "wish": True}
        queue.put(YOUR_LETTERS, subject=constituent.pk, payload=payload, secret={"address": address})


def note_sent_by_hand(delivery: Delivery) -> None:
    """The constituent's own word; nobody here can check it."""
    Delivery.objects.for_hand().filter(pk=delivery.pk).update(sent_by_hand_at=Now())
