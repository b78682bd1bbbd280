"""Submitting letters, confirming them by the mailed link, taking one back.

Submitting tells nobody anything: the same answer for a person who writes for the first time, again, or has long sent
the letters; what mail they get is decided later, by the worker (letters/submission/mails.py).
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from campaign.database import clock
from campaign.mail import budgets
from campaign.outbox import queue
from campaign.protection.networks import Address
from campaign.secrecy import tokens
from campaign.secrecy.addresses import HASH_BYTES
from campaign.supporters.models import Consent
from letters.delivery import dispatch
from letters.models import Constituent, Delivery, Letter, LetterCampaign, Office
from letters.models.delivery_states import State
from letters.models.message import Message, seal
from letters.models.sender import Sender, fingerprint_of_person

UNCONFIRMED_LIFETIME = timedelta(days=7)  # of a link that was not used
CONFIRM, TRACK = "letter-confirm", "letter-track"
CONFIRMATION, REMINDER = "letters.confirmation", "letters.reminder"
REMIND_AFTER = timedelta(days=3)

# One statement, whether there are any or not: the time of the answer does not tell. None of these has been tried yet.
FORGET_LETTERS = """
    WITH deliveries AS (
        DELETE FROM letters_delivery d USING letters_letter l
        WHERE d.letter_id = l.id AND l.constituent_id = %(constituent)s
    )
    DELETE FROM letters_letter WHERE constituent_id = %(constituent)s
"""


@dataclass(frozen=True)
class WrittenLetter:
    office: Office
    message: Message
    is_edited: bool


class NotOpen(Exception):
    """The campaign is paused, closed or not open yet."""


class Changed(Exception):
    """The letters are not those that were shown."""


class TooLate(Exception):
    """The campaign has ended, and with it the time in which its letters could be confirmed."""


@transaction.atomic
def submit_letters(
    *,
    campaign: LetterCampaign,
    sender: Sender,
    letters: Sequence[WrittenLetter],
    language: str,
    consent: Consent,
    client: Address | None = None,
) -> None:
    """Keep the letters until they are confirmed, and have the mail sent that asks for it. Raises NotOpen.

    Submitted again before that, the newer text stands: the link shows what it will send.
    """
    if not LetterCampaign.objects.open().filter(pk=campaign.pk).exists():
        raise NotOpen
    person = fingerprint_of_person(sender)
    one_at_a_time(person)
    waiting = Constituent.objects.of_person(campaign, person).unconfirmed().select_for_update().first()
    written_to = Letter.objects.standing().of_person(campaign, person).exclude(constituent=waiting).offices()
    if fresh := [letter for letter in letters if letter.office.pk not in written_to]:
        is_new = waiting is None
        waiting = keep(waiting or new_constituent(campaign, person), sender, language, consent)
        keep_letters(waiting, fresh)
        if is_new:
            remind(waiting)
    else:
        rehearse(campaign, sender, letters, language, consent)
    ask_to_confirm(campaign, person, sender.email, client)


def rehearse(
    campaign: LetterCampaign, sender: Sender, letters: Sequence[WrittenLetter], language: str, consent: Consent
) -> None:
    """The same work for nothing, so that the time of the answer does not tell that this person has written before."""
    with transaction.atomic():
        shadow = new_constituent(campaign, os.urandom(HASH_BYTES))
        keep_letters(keep(shadow, sender, language, consent), letters)
        transaction.set_rollback(True)


def one_at_a_time(person: bytes) -> None:
    """Two tabs of one person wait for each other until the transaction ends; the constraint stands behind this."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(person[:8], signed=True)])


def new_constituent(campaign: LetterCampaign, person: bytes) -> Constituent:
    nonce = tokens.new_nonce()
    return Constituent(
        campaign=campaign,
        person=person,
        nonce=nonce,
        confirm_digest=tokens.digest(tokens.token_for(nonce, CONFIRM)),
        track_digest=tokens.digest(tokens.token_for(nonce, TRACK)),
    )


def keep(constituent: Constituent, sender: Sender, language: str, consent: Consent) -> Constituent:
    constituent.private = sender.stored()
    constituent.state = sender.residence
    constituent.language = language
    constituent.consent = consent
    constituent.expires_at = clock.now() + UNCONFIRMED_LIFETIME
    constituent.save()
    return constituent


def keep_letters(constituent: Constituent, letters: Sequence[WrittenLetter]) -> None:
    """In place of what was submitted before and not confirmed."""
    forget_letters(constituent)
    shared = {"constituent": constituent, "campaign": constituent.campaign, "person": constituent.person}
    rows = [
        Letter(
            office=written.office,
            content=written.message.content,
            is_edited=written.is_edited,
            **shared,
        )
        for written in letters
    ]
    Letter.objects.bulk_create(rows)
    hashes = [written.message.sha256 for written in letters]
    Delivery.objects.bulk_create(
        Delivery(letter=row, delivery_id=uuid4().hex, message_sha256=sha256)
        for row, sha256 in zip(rows, hashes, strict=True)
    )


def forget_letters(constituent: Constituent) -> None:
    with connection.cursor() as cursor:
        cursor.execute(FORGET_LETTERS, {"constituent": constituent.pk})


def remind(constituent: Constituent) -> None:
    """Once, should they not have confirmed by then."""
    payload, secret = {"constituent": constituent.pk}, {"address": constituent.sender.email}
    queue.put(REMINDER, subject=constituent.pk, payload=payload, secret=secret, due_at=clock.now() + REMIND_AFTER)


def ask_to_confirm(campaign: LetterCampaign, person: bytes, address: str, client: Address | None = None) -> None:
    """Put the mail into the outbox; nothing for a person who has submitted nothing."""
    newest = Constituent.objects.of_person(campaign, person).order_by("-pk").first()
    if newest:
        payload = {"constituent": newest.pk}
        budgets.put_mail(CONFIRMATION, subject=newest.pk, payload=payload, address=address, client=client)


def find(token: str) -> Constituent | None:
    """Whose letters this link confirms or has confirmed; None if the link is wrong or expired."""
    return Constituent.objects.to_confirm(tokens.digest(token)).first()


def track_by_token(token: str) -> Constituent | None:
    return Constituent.objects.to_track(tokens.digest(token)).first()


def track_token(constituent: Constituent) -> str:
    return tokens.token_for(constituent.nonce, TRACK)


def confirmation_token(constituent: Constituent) -> str:
    return tokens.token_for(constituent.nonce, CONFIRM)


def seal_of(deliveries: Sequence[Delivery]) -> str:
    return seal(delivery.message_sha256 for delivery in deliveries)


@transaction.atomic
def confirm(constituent: Constituent, *, shown: str | None = None) -> None:
    """Let the letters go, after the time in which they can be taken back; again changes nothing.

    `shown`: seal_of what the person saw; raises Changed if something else waits by now. None: the button alone was
    sent, without the form around it. Raises TooLate.
    """
    locked = Constituent.objects.select_related("campaign").select_for_update(of=("self",)).get(pk=constituent.pk)
    if locked.confirmed_at:
        return
    if not locked.campaign.takes_confirmations:
        raise TooLate
    deliveries = list(Delivery.objects.of_constituent(locked.pk).standing().select_for_update(of=("self",)))
    if shown is not None and seal_of(deliveries) != shown:
        raise Changed
    Constituent.objects.filter(pk=locked.pk).update(confirmed_at=Now())
    due_at = clock.now() + timedelta(minutes=settings.LETTER_WITHDRAWAL_MINUTES)
    for delivery in deliveries:
        delivery.become(State.READY, ready_at=Now())
        dispatch.send(delivery, due_at)


@transaction.atomic
def withdraw(delivery: Delivery) -> None:
    """Take a letter back; the person may then write to this office anew. Raises NotAllowed once delivery has begun."""
    delivery.become(State.WITHDRAWN)
    Letter.objects.filter(pk=delivery.letter_id).update(withdrawn_at=Now())
    dispatch.call_off([delivery.pk])
