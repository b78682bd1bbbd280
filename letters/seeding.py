"""First content for an empty site: the hundred offices, and the first letter campaign."""

import tomllib
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from letters import importing, senators
from letters.models import LetterCampaign, LetterCampaignText, Office, Position, Stance
from letters.models.campaigns import Visibility
from letters.zipcodes import DATA

TEXTS = DATA / "texts"  # one file for each language
OPEN_FOR = timedelta(days=365)  # every campaign has an end, which staff may move


@transaction.atomic
def seed_letters() -> LetterCampaign | None:
    """The campaign, published and open; None if the site has one already."""
    if not Office.objects.exists():
        importing.apply(importing.compare(senators.project_records()), source="letters/data/offices.csv")
    if LetterCampaign.objects.exists():
        return None
    words = tomllib.loads((DATA / "campaign.toml").read_text(encoding="utf-8"))
    supporters = words.pop("supporters")
    closes_at = timezone.now() + OPEN_FOR
    campaign = LetterCampaign.objects.create(visibility=Visibility.PUBLISHED, closes_at=closes_at, **words)
    record_supporters(campaign, supporters)
    LetterCampaignText.objects.bulk_create(text_of(campaign, file) for file in sorted(TEXTS.glob("*.toml")))
    return campaign


def text_of(campaign: LetterCampaign, file: Path) -> LetterCampaignText:
    return LetterCampaignText(campaign=campaign, language=file.stem, **tomllib.loads(file.read_text(encoding="utf-8")))


def record_supporters(campaign: LetterCampaign, bioguides: list[str]) -> None:
    offices = Office.objects.current().filter(bioguide__in=bioguides)
    source = f"congress.gov, {campaign.bill}"
    Position.objects.bulk_create(
        Position(campaign=campaign, office=office, stance=Stance.SUPPORTS, source=source) for office in offices
    )
