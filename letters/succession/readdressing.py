"""Write a letter that was not sent once more, to whoever holds the seat now.

The new letter's delivery ID follows from the old one's. So there is one at most, whoever asks for it and how often, and
after a restored backup the receiver still recognises a repetition.
"""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from campaign.database import clock
from letters.delivery import dispatch
from letters.models import Constituent, Delivery, Letter, Office
from letters.models.delivery_states import State
from letters.models.message import Message, render
from letters.proposals import letter_templates
from letters.submission import workflow
from letters.wizard import body_text, salutation


def message_to(successor: Office, letter: Letter) -> Message:
    """Return the letter as it would go to `successor`: own words as they are but for the name, or the proposed text."""
    sender, content = letter.constituent.sender, letter.content
    if letter.is_edited:
        body, language = salutation.readdressed(content["body"], letter.office, successor), letter.message.language
    else:
        body = body_text.clean_body(letter_templates.bodies(letter.campaign, [successor], sender)[successor])
        language = letter.campaign.letter_language(successor.reads)
    subject = salutation.readdressed(content["subject"], letter.office, successor)
    if language != letter.message.language:
        subject = letter_templates.subject(letter.campaign, successor, sender)
    return render(subject, body, sender, language)


def next_id(delivery: Delivery) -> str:
    return hashlib.sha256(f"to the successor: {delivery.delivery_id}".encode()).hexdigest()[:32]


def is_written(letter: Letter, successor: Office) -> bool:
    """Return whether this person has a letter to `successor` already, of whatever making."""
    of_person = Letter.objects.standing().of_person(letter.campaign, bytes(letter.person or b""))
    has_next = Delivery.objects.with_id(next_id(letter.delivery)).exists()
    return has_next or of_person.filter(office=successor).exists()


def write_to(successor: Office, letter: Letter, message: Message) -> Delivery:
    """Keep the new letter, which nothing sends yet."""
    new = Letter.objects.create(
        constituent=letter.constituent,
        campaign=letter.campaign,
        person=letter.person,
        office=successor,
        former_office=letter.office,
        content=message.content,
        is_edited=letter.is_edited,
    )
    return Delivery.objects.create(
        letter=new, delivery_id=next_id(letter.delivery), message_sha256=message.sha256, changed_at=Now()
    )


def lock_writer(letter: Letter) -> Constituent:
    """Return the constituent as they are now; nothing else of this person changes until the transaction ends."""
    constituent = Constituent.objects.select_for_update().get(pk=letter.constituent_id)
    workflow.one_at_a_time(bytes(constituent.person or bytes(8)))
    return constituent


@transaction.atomic
def readdress_unconfirmed(delivery: Delivery) -> None:
    """Put the readdressed letter in the place of one that waits for its writer, who is shown it before confirming."""
    letter, successor = delivery.letter, delivery.letter.office.holder
    constituent = lock_writer(letter)
    if constituent.confirmed_at or constituent.person is None or successor is None:  # then it is looked at in its turn
        return
    message, is_needed = message_to(successor, letter), not is_written(letter, successor)
    if is_needed:
        write_to(successor, letter, message)
    Letter.objects.filter(pk=letter.pk).delete()


@transaction.atomic
def send(delivery: Delivery, *, shown: str) -> None:
    """Send a cancelled letter to whoever holds the seat now; again changes nothing.

    `shown`: the hash of what the person saw; raises Changed if it would read otherwise by now. Raises TooLate.
    """
    letter, successor = delivery.letter, delivery.letter.office.holder
    constituent = lock_writer(letter)
    if not letter.constituent.campaign.takes_confirmations:
        raise workflow.TooLate
    if successor is None or constituent.person is None or not delivery.has_senator_left:
        raise workflow.Changed
    if is_written(letter, successor):
        return
    message = message_to(successor, letter)
    if message.sha256 != shown:
        raise workflow.Changed
    new = write_to(successor, letter, message)
    new.become(State.READY, ready_at=Now())
    dispatch.send(new, clock.now() + timedelta(minutes=settings.LETTER_WITHDRAWAL_MINUTES))
