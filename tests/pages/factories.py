"""Plain makers of what pages tests need."""

from datetime import date
from typing import Any

from django.contrib.auth.models import User

from campaign.staff.accounts import address_verification
from letters.models import LetterCampaign
from pages.models import Action, Audience, Document, Film, NewsItem, Page, PageBlock, Picture, TimelineEntry
from pages.uploads import folders


def make_page(slug: str = "about", **fields: Any) -> Page:
    return Page.objects.create(**{"slug": slug, "title": slug.title(), "state": "published", **fields})


def make_block(page: Page, body: str = "<p>Words.</p>", **fields: Any) -> PageBlock:
    return page.blocks.create(**{"body": body, **fields})


def make_news_item(slug: str = "something-happened", **fields: Any) -> NewsItem:
    words = {"title": slug.replace("-", " ").title(), "summary": "It happened.", "category": "article"}
    return NewsItem.objects.create(**{"slug": slug, "state": "published", **words, **fields})


def make_audience(slug: str = "medicine", **fields: Any) -> Audience:
    return Audience.objects.create(**{"slug": slug, "name": slug.title(), "state": "published", **fields})


def make_action(audience: Audience, title: str = "Ask", **fields: Any) -> Action:
    return Action.objects.create(**{"audience": audience, "title": title, "state": "published", **fields})


def make_entry(title: str = "A report", **fields: Any) -> TimelineEntry:
    facts = {"happened_on": date(2006, 7, 6), "who": "Two authors", "what": "<p>Found.</p>", "source": "The report"}
    return TimelineEntry.objects.create(**{"title": title, "state": "published", **facts, **fields})


def make_picture(title: str = "candles", **fields: Any) -> Picture:
    """Without its files."""
    facts = {"digest": folders.content_digest(title.encode()), "width": 1200, "height": 800}
    words = {"alt": "Candles at night", "credit": "Photo: A. Name"}
    return Picture.objects.create(**{"title": title, **facts, **words, **fields})


def make_document(title: str = "letter", **fields: Any) -> Document:
    """Without its file."""
    facts = {"digest": folders.content_digest(title.encode()), "name": "letter.pdf", "size": 1000}
    return Document.objects.create(**{"title": title, **facts, **fields})


def make_film(title: str = "round-table", **fields: Any) -> Film:
    """Without its file."""
    facts = {"digest": folders.content_digest(title.encode()), "name": "film.mp4", "size": 1000, "seconds": 60}
    return Film.objects.create(**{"title": title, **facts, "width": 1280, "height": 720, **fields})


def make_letter_campaign(slug: str = "resolution", **fields: Any) -> LetterCampaign:
    facts = {
        "visibility": "published",
        "title": "Support the resolution",
        "summary": "Why.",
        "ask": "Please support it.",
        "bill_number": 220,
        "bill_congress": 115,
        "introduced_on": date(2017, 7, 13),
        "default_subject": "A request",
        "default_body": "Dear [senator],",
    }
    return LetterCampaign.objects.create(**{"slug": slug, **facts, **fields})


def make_staff() -> User:
    person = User.objects.create_superuser("staff", "staff@example.org", "a-password-of-the-tests")
    address_verification.mark_verified(person)
    return person
