"""The same for what staff write about petitions and letters, and for what hangs on them in the admin."""

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import Group, User
from django.db import models, transaction
from django.utils import timezone

from campaign.appeals.models import Visibility
from campaign.protection.models import DomainRule
from campaign.secrecy.keypairs import new_keypair
from letters.models import ChannelStatus, LetterCampaign, Office
from petitions.models import Decision, HandOver, PaperBatch, Petition, PetitionKey, Signature
from petitions.paper.imports import loading
from tests.journeys.payload_content import SLUG, is_text, value_for
from tests.pages.payloads import PAYLOADS

OFFICE = {"area": "WY", "seat": 3}  # none is elected there: no other test writes to it
PLAIN = {
    "slug",
    "visibility",
    "language",
    "state",
    "area",
    "public_key",
    "bill_type",
    "act",
    "verdict",
    "scan",
    "country",
}
CHOSEN = PLAIN | {"channel", "hold_reason", "touched", "password", "username", "email", "directory_id", "made_by"}


def poisoned(row: models.Model, turn: int = 0) -> None:
    """Every text of `row` that is not chosen from a list."""
    fields = [field for field in row._meta.concrete_fields if is_text(field) and field.name not in CHOSEN]
    values: dict[str, Any] = {field.name: value_for(field, turn + place) for place, field in enumerate(fields)}
    type(row)._default_manager.filter(pk=row.pk).update(**values)


@transaction.atomic
def add() -> None:
    petition = Petition.objects.create(slug=SLUG, asked_by="x", next_step_url="/", next_step_label="x")
    for turn, language in enumerate(("en", "de")):
        poisoned(petition.texts.create(language=language, addressee="x", title="x", summary="x", body="x"), 7 * turn)
    petition.active_key = PetitionKey.objects.create(petition=petition, public_key=new_keypair().public)
    petition.save()
    poisoned(petition.active_key)
    poisoned(petition, 3)
    Petition.objects.filter(pk=petition.pk).update(visibility=Visibility.PUBLISHED, asks_why=True)
    petition.refresh_from_db()
    add_desk(petition)
    add_letters()


def add_desk(petition: Petition) -> None:
    demo = User.objects.get(username="demo")
    collected = loading.Collected("x", "x", date(2026, 1, 1))
    rows = [
        HandOver.objects.create(petition=petition, reason="x", requested_by=demo),
        Decision.objects.create(petition=petition, why="x", country="DE"),
        loading.open_batch(petition=petition, collected=collected, source=loading.ImportSource("0" * 64)),
        DomainRule.objects.create(pattern="x", verdict=DomainRule.Verdict.ALLOWED),
        Group.objects.create(name="x"),
        User.objects.create(username=SLUG, is_staff=True),
    ]
    for turn, row in enumerate(rows):
        poisoned(row, turn)
    ChannelStatus.objects.get_or_create(name="print")
    ChannelStatus.objects.filter(name="print").update(paused_because=" ".join(PAYLOADS), paused_at=timezone.now())


def add_letters() -> None:
    facts = {"bill_number": 1, "bill_congress": 115, "introduced_on": date(2026, 1, 1)}
    campaign = LetterCampaign.objects.create(
        slug=SLUG, visibility="published", closes_at=timezone.now() + timedelta(days=9), **facts
    )
    office = Office.objects.create(
        directory_id="X000000", term_starts_on=date(2021, 1, 3), term_ends_on=date(2099, 1, 3), **OFFICE
    )
    rows = [campaign, campaign.texts.create(language="de"), office]
    rows.append(campaign.positions.create(office=office, source="x"))
    for turn, row in enumerate(rows):
        poisoned(row, 5 * turn)


@transaction.atomic
def remove() -> None:
    for petition in Petition.objects.filter(slug=SLUG):
        for model in (HandOver, Decision, PaperBatch, Signature):
            model.objects.filter(petition=petition).delete()
        Petition.objects.filter(pk=petition.pk).update(visibility=Visibility.DRAFT, active_key=None)
        petition.delete()
    LetterCampaign.objects.filter(slug=SLUG).delete()
    Office.objects.filter(directory_id="X000000").delete()
    DomainRule.objects.filter(verdict=DomainRule.Verdict.ALLOWED).delete()
    Group.objects.filter(name__in=[payload[:150] for payload in PAYLOADS]).delete()
    User.objects.filter(username=SLUG).delete()
    ChannelStatus.objects.filter(name="print").update(paused_because="", paused_at=None)
