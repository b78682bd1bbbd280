"""Every published address, in each language it has been translated to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
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
    languages: tuple[tuple[str, str], ...] = ()  # code and address of each, where there are several


def entries() -> Iterator[Entry]:
    codes = [code for code, _name in settings.LANGUAGES]
    for name in SECTIONS:
        yield from in_each(codes, partial(reverse, name), None)
    for row in rows():
        yield from in_each(languages_of(row), row.get_absolute_url, getattr(row, "updated_at", None))


def rows() -> Iterator[Any]:
    yield from Petition.objects.published()
    yield from LetterCampaign.objects.published()
    yield from Page.objects.published()
    yield from Audience.objects.published()
    yield from NewsItem.objects.published()


def languages_of(row: Any) -> list[str]:
    return row.shown_languages() if isinstance(row, Translatable) else [settings.LANGUAGE_CODE]


def in_each(codes: list[str], address: Callable[[], str], changed_at: datetime | None) -> Iterator[Entry]:
    versions = tuple((code, address_in(code, address)) for code in codes)
    for _code, url in versions:
        yield Entry(url, changed_at, versions if len(versions) > 1 else ())


def address_in(code: str, address: Callable[[], str]) -> str:
    with override(code):
        return settings.SITE_URL + address()
