"""Fill an empty site with the hundred offices and the first letter campaign."""

import tomllib
from datetime import timedelta
from pathlib import Path

from django.db import transaction

from campaign.appeals.models import Visibility
from campaign.database import clock
from campaign.revisions import history
from letters.constituency.congress import senators
from letters.constituency.congress.chambers import chamber
from letters.constituency.imports import comparison, members
from letters.constituency.imports.headers import MEMBER_HEADINGS
from letters.constituency.imports.tables import read_table
from letters.models import (
    ConsentWording,
    LetterCampaign,
    LetterCampaignText,
    Office,
    Position,
    RecipientList,
    Stance,
)
from letters.models.recipients.recipient_lists import US_SENATE

LETTER_TEXTS = Path(__file__).parent / "data" / "letters"  # the campaign, and its texts: one file for each language
PARLIAMENT = Path(__file__).parent / "data" / "parliament"  # the same, of the demo's invented list, and its members
OPEN_FOR = timedelta(days=365)  # every campaign has an end, which staff may move


@transaction.atomic
def seed_letters(*, is_demo: bool) -> LetterCampaign | None:
    """Create the campaign, and offices if there are none; return None if there is a campaign.

    A demo's is published and open, that of a real site a draft.
    """
    if not Office.objects.exists():
        comparison.apply_difference(
            comparison.compare_with_offices(chamber(US_SENATE), senators.project_records()),
            source="letters/constituency/congress/data/offices.csv",
        )
    if LetterCampaign.objects.exists():
        return None
    words = tomllib.loads((LETTER_TEXTS / "campaign.toml").read_text(encoding="utf-8"))
    supporters = words.pop("supporters")
    closes_at = clock.now() + OPEN_FOR
    visibility = Visibility.PUBLISHED if is_demo else Visibility.DRAFT
    campaign = LetterCampaign.objects.create(visibility=visibility, closes_at=closes_at, **words)
    record_supporters(campaign, supporters)
    LetterCampaignText.objects.bulk_create(
        campaign_text(campaign, file) for file in sorted(LETTER_TEXTS.glob("*.toml")) if file.stem != "campaign"
    )
    history.record(campaign, by=None, note="first content")
    return campaign


@transaction.atomic
def seed_parliament() -> LetterCampaign | None:
    """Create a campaign to an invented list, by country and in several languages; return None if it is there."""
    words = tomllib.loads((PARLIAMENT / "campaign.toml").read_text(encoding="utf-8"))
    about, consents = words.pop("list"), words.pop("consents")
    if LetterCampaign.objects.filter(slug=words["slug"]).exists():
        return None
    recipients, _is_new = RecipientList.objects.get_or_create(slug=about.pop("slug"), defaults=about)
    entries = read_table([(PARLIAMENT / "members.csv").read_bytes()], MEMBER_HEADINGS, most=members.MOST_MEMBERS)
    now = clock.now()
    records, _left_out = members.records_of(recipients, entries, source=recipients.source, as_of=now.date())
    comparison.apply_difference(comparison.compare_with_offices(recipients, records), source=recipients.source)
    dates = {"opens_at": now - timedelta(days=1), "closes_at": now + OPEN_FOR}
    made = {"visibility": Visibility.PUBLISHED, "list_slugs": [recipients.slug], **dates, **words}
    campaign = LetterCampaign.objects.create(**made)
    LetterCampaignText.objects.bulk_create(
        campaign_text(campaign, file) for file in sorted(PARLIAMENT.glob("*.toml")) if file.stem != "campaign"
    )
    ConsentWording.objects.bulk_create(ConsentWording(campaign=campaign, **consent) for consent in consents)
    history.record(campaign, by=None, note="first content")
    return campaign


def campaign_text(campaign: LetterCampaign, file: Path) -> LetterCampaignText:
    return LetterCampaignText(campaign=campaign, language=file.stem, **tomllib.loads(file.read_text(encoding="utf-8")))


def record_supporters(campaign: LetterCampaign, bioguides: list[str]) -> None:
    offices = Office.objects.current().filter(directory_id__in=bioguides)
    source = f"congress.gov, {campaign.bill}"
    Position.objects.bulk_create(
        Position(campaign=campaign, office=office, stance=Stance.SUPPORTS, source=source) for office in offices
    )
