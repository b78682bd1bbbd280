"""`python -m bench.within bench.letters.filling --number N --tag T`: confirmed letters, due at once.

They stand as submitting and confirming leave them.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from itertools import islice
from uuid import uuid4

from django.utils import timezone

from bench.load.people import people
from campaign.outbox.models import Item
from campaign.supporters.models import Consent
from letters.delivery import dispatch
from letters.models import Constituent, Delivery, Letter, LetterCampaign, Office
from letters.models.message import render
from letters.models.sender import Sender, fingerprint_of_person
from letters.submission import workflow
from letters.wizard.consent import current_wording


def fill(number: int, tag: str, state: str) -> None:
    """`number` letters, half as many people."""
    campaign = LetterCampaign.objects.all()[0]
    offices = list(Office.objects.of_state(state))
    senders = islice(invented(tag, state), number // len(offices))
    while batch := list(islice(senders, 500)):
        store(campaign, offices, batch)


def invented(tag: str, state: str) -> Iterator[Sender]:
    for person in people(tag):
        first, _, last = person.name.partition(" ")
        made = Sender(first, last or "Example", person.email, "100 Example St", "Example City", state, "87501", state)
        yield replace(made, prefix="Dr.")


def store(campaign: LetterCampaign, offices: Sequence[Office], senders: Sequence[Sender]) -> None:
    now, words = timezone.now(), current_wording()
    constituents = Constituent.objects.bulk_create(constituent(campaign, sender, words) for sender in senders)
    pairs = [(one, office) for one in constituents for office in offices]
    body = f"{campaign.default_body}\n\nI am one of your constituents, and this is my own sentence."
    letters = Letter.objects.bulk_create(
        Letter(
            constituent=one,
            office=office,
            campaign=campaign,
            person=one.person,
            content={"subject": campaign.default_subject, "body": body},
            is_edited=True,
        )
        for one, office in pairs
    )
    deliveries = Delivery.objects.bulk_create(
        Delivery(
            letter=letter,
            delivery_id=uuid4().hex,
            message_sha256=render(campaign.default_subject, body, letter.constituent.sender).sha256,
            state="ready",
            ready_at=now,
        )
        for letter in letters
    )
    items = [Item(kind=dispatch.DELIVERY, payload={"delivery": one.pk}) for one in deliveries]
    for delivery, item in zip(deliveries, Item.objects.bulk_create(items), strict=True):
        delivery.queued_item = item.pk
    Delivery.objects.bulk_update(deliveries, ["queued_item"])


def constituent(campaign: LetterCampaign, sender: Sender, words: Consent) -> Constituent:
    now = timezone.now()
    made = workflow.new_constituent(campaign, fingerprint_of_person(sender))
    made.private, made.state, made.language, made.consent = asdict(sender), sender.residence, "en", words
    made.expires_at, made.confirmed_at = now + workflow.UNCONFIRMED_LIFETIME, now
    return made


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, required=True)
    parser.add_argument("--tag", required=True, help="people of one tag are others than those of the next")
    parser.add_argument("--state", default="NM")
    options = parser.parse_args()
    fill(options.number, options.tag, options.state)
