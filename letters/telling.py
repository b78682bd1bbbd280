"""Telling constituents where their letters are, and which of them need their own hand: one mail for all of theirs."""

import logging
from datetime import timedelta

from cryptography.fernet import InvalidToken
from django.db.models.functions import Now
from django.utils import timezone

from campaign.outbox import work
from campaign.protection import allowances
from campaign.secrecy.addresses import fingerprint
from letters.models import Constituent, Delivery

logger = logging.getLogger(__name__)

YOUR_LETTERS = "letters.your-letters"
PATIENCE = timedelta(minutes=2)  # the letter to the other senator may need the same
AGAIN = (allowances.Limit(1, timedelta(minutes=15)), allowances.Limit(3, timedelta(days=1)))


def ask_for_hand(delivery: Delivery) -> None:
    """Put the mail into the outbox, unless one waits already; call it in the transaction that makes it necessary."""
    try:
        constituent = Constituent.objects.get(letters__delivery=delivery.pk)
    except InvalidToken:
        logger.error("delivery %s: its constituent cannot be read, and so not be told", delivery.pk)
        return
    if constituent.private and constituent.note_asked(PATIENCE):
        secret = {"address": constituent.sender.email}
        work.put(YOUR_LETTERS, payload={"constituent": constituent.pk}, secret=secret, due_at=timezone.now() + PATIENCE)


def ask_again(constituent: Constituent) -> None:
    """At the constituent's own wish, within limits; the same answer in any case."""
    address = constituent.sender.email
    if allowances.take(fingerprint(address, YOUR_LETTERS), AGAIN):
        work.put(YOUR_LETTERS, payload={"constituent": constituent.pk, "wish": True}, secret={"address": address})


def note_sent_by_hand(delivery: Delivery) -> None:
    """The constituent's own word; nobody here can check it."""
    Delivery.objects.for_hand().filter(pk=delivery.pk).update(sent_by_hand_at=Now())
