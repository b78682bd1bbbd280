"""Plain makers of what letter tests need."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db.models.functions import Now
from django.utils import timezone

from campaign.outbox import claims
from campaign.outbox.maintenance import sweep
from campaign.outbox.models import Item
from campaign.supporters.models import Consent
from letters.constituency.congress.chambers import chamber
from letters.delivery import dispatch
from letters.models import Constituent, Delivery, LetterCampaign, Office, RecipientList
from letters.models.delivery_states import State
from letters.models.message import render
from letters.models.recipients.recipient_lists import US_SENATE
from letters.models.sender import Sender
from letters.submission import workflow

FORM = {
    "first_name": "Ana",
    "last_name": "Núñez",
    "email": "ana@example.org",
    "street": "100 Example St",
    "city": "Santa Fe",
    "state": "NM",
    "zip": "87501",
}
SENDER = Sender(**FORM, residence="NM")
LEASE = timedelta(minutes=1)
BODY = "Dear Senator, please support it. I am a nurse."


def make_campaign(slug: str = "support", **fields: Any) -> LetterCampaign:
    """Published and open, unless `fields` say otherwise."""
    words = {
        "title": "Support it",
        "summary": "It matters.",
        "ask": "Please support it.",
        "bill_number": 220,
        "bill_congress": 115,
        "introduced_on": date(2017, 7, 13),
        "default_subject": "Please support S.Res. 220",
        "default_body": "Dear [senator],\n\nplease support [bill].\n\nThank you.",
        "alternative_url": "/petitions/stop/",
        "visibility": "published",
        "opens_at": timezone.now() - timedelta(days=1),
    }
    chamber(US_SENATE)
    return LetterCampaign.objects.create(slug=slug, **{**words, **fields})


def make_office(directory_id: str = "H001046", **fields: Any) -> Office:
    """A senator's."""
    seat = {
        "area": "NM",
        "seat": 2,
        "name": "Martin Heinrich",
        "first_name": "Martin",
        "last_name": "Heinrich",
        "party": "Democrat",
        "term_starts_on": date(2021, 1, 3),
        "term_ends_on": date(2099, 1, 3),
        "contact_form": "https://www.heinrich.senate.gov/contact",
    }
    return Office.objects.create(directory_id=directory_id, recipient_list=chamber(US_SENATE), **{**seat, **fields})


def make_offices() -> list[Office]:
    """Both of New Mexico."""
    other = {"name": "Ben Ray Luján", "first_name": "Ben", "last_name": "Luján", "seat": 1}
    return [make_office("L000570", **other), make_office()]


def make_list(slug: str = "xx-parliament", **fields: Any) -> RecipientList:
    return RecipientList.objects.create(**{"slug": slug, "name": "A Parliament", **fields})


def make_member(recipients: RecipientList, number: int = 1, **fields: Any) -> Office:
    given = {"name": f"Maria Member{number}", "first_name": "Maria", "last_name": f"Member{number}", **fields}
    return Office.objects.create(recipient_list=recipients, directory_id=f"{recipients.slug}-{number}", **given)


def make_addressed_office(**fields: Any) -> Office:
    """One that gave a mail address."""
    given = {"email": "mail@office.example", "email_given_by": "J. Doe", "email_given_on": date(2026, 1, 1)}
    return make_office(**{**given, **fields})


def make_consent() -> Consent:
    return Consent.objects.get_or_create(purpose="letter", language="en", wording="You agree.")[0]


def make_submission(
    campaign: LetterCampaign, offices: list[Office], *, body: str = BODY, **changes: str
) -> Constituent:
    """Unconfirmed, with its mail in the outbox."""
    sender = replace(SENDER, **changes)
    written = [workflow.WrittenLetter(office, render("Please", body, sender), is_edited=True) for office in offices]
    workflow.submit_letters(campaign=campaign, sender=sender, letters=written, language="en", consent=make_consent())
    return Constituent.objects.order_by("-pk")[0]


def make_confirmed(campaign: LetterCampaign, offices: list[Office], **changes: str) -> Constituent:
    constituent = make_submission(campaign, offices, **changes)
    confirm(constituent)
    constituent.refresh_from_db()
    return constituent


def make_ready(office: Office | None = None, **changes: str) -> Delivery:
    """One confirmed letter, due at once."""
    campaign = LetterCampaign.objects.first() or make_campaign()
    constituent = make_confirmed(campaign, [office or make_office()], **changes)
    make_due()
    return Delivery.objects.get(letter__constituent=constituent)


def make_letter(**changes: str) -> Delivery:
    """One confirmed letter that the Senate's system would take, due at once."""
    return make_ready(None, **{"prefix": "Ms.", **changes})


def confirm(constituent: Constituent) -> None:
    workflow.confirm(constituent, shown=workflow.seal_of(list(Delivery.objects.of_constituent(constituent.pk))))


def make_due() -> None:
    Item.objects.waiting().update(due_at=timezone.now() - timedelta(seconds=1))


def states(constituent: Constituent) -> Mapping[str, State]:
    """State of each letter by directory ID."""
    mine = Delivery.objects.of_constituent(constituent.pk)
    return {delivery.letter.office.directory_id: State(delivery.state) for delivery in mine}


def begin() -> list[Item]:
    """What a worker holds that has just begun."""
    pairs = [(pk, token) for pk, token, _ in claims.claim(dispatch.DELIVERY, limit=10, lease=LEASE)]
    return claims.begin(pairs, lease=LEASE)


def lose_worker() -> None:
    """Its leases run out, and the sweeper finds them."""
    Item.objects.in_flight().update(leased_until=Now() - timedelta(seconds=1))
    sweep.sweep()
    make_due()
