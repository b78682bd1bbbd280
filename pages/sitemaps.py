"""Every published address, in each language it has been translated to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from letters.models import LetterCampaign
from pages.models import Audience, NewsItem, Page
from pages.translation import Translatable
from petitions.models import Petition

SECTIONS = ("pages:home", "petitions:list", "letters:list", "pages:news", "pages:safety", "supporters:newsletter")


@dataclass(frozen=True)
class Entry:
    url: str
    changed_at: datetime | None = None


def entries() -> Iterator[Entry]:
    for name in SECTIONS:
        yield Entry(settings.SITE_URL + reverse(name))
    for row in rows():
        yield from in_each_language(row)


def rows() -> Iterator[Any]:
    yield from Petition.objects.published()
    yield from LetterCampaign.objects.published()
    yield from Page.objects.published()
    yield from Audience.objects.published()
    yield from NewsItem.objects.published()


def in_each_language(row: Any) -> Iterator[Entry]:
    for language in row.shown_languages() if isinstance(row, Translatable) else [settings.LANGUAGE_CODE]:
        with override(language):
            yield Entry(settings.SITE_URL + row.get_absolute_url(), getattr(row, "updated_at", None))
