"""Every published address, in each language it has been translated to; in parts, and an index of the parts."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from math import ceil
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from letters.models import LetterCampaign
from pages.models import Audience, NewsItem, Page
from pages.translation import Translatable
from petitions.models import Petition

SECTIONS = ("pages:home", "petitions:list", "letters:list", "pages:news", "pages:safety", "supporters:newsletter")
SOURCES: dict[str, Callable[[], Any]] = {
    "petitions": Petition.objects.published,
    "letters": LetterCampaign.objects.published,
    "pages": Page.objects.published,
    "audiences": Audience.objects.published,
    "news": NewsItem.objects.published,
}
ROWS = 200  # of content in a part, each in up to all languages


@dataclass(frozen=True)
class Entry:
    url: str
    changed_at: datetime | None = None
    languages: tuple[tuple[str, str], ...] = ()  # code and address of each, where there are several


def parts() -> Iterator[str]:
    """The addresses of the parts; their number grows with the content, their size does not."""
    yield part("sections", 1)
    for name, published in SOURCES.items():
        yield from (part(name, number) for number in range(1, ceil(published().count() / ROWS) + 1))


def part(name: str, number: int) -> str:
    return settings.SITE_URL + reverse("pages:sitemap-part", args=[name, number])


def entries(name: str, number: int) -> Iterator[Entry]:
    """Raises KeyError for a part that there never is."""
    if name == "sections":
        return sections()
    published = SOURCES[name]().order_by("pk")
    return of_rows(published[(number - 1) * ROWS : number * ROWS])


def sections() -> Iterator[Entry]:
    codes = [code for code, _name in settings.LANGUAGES]
    for name in SECTIONS:
        yield from in_each(codes, partial(reverse, name), None)


def of_rows(rows: Iterable[Any]) -> Iterator[Entry]:
    for row in rows:
        yield from in_each(languages_of(row), row.get_absolute_url, getattr(row, "updated_at", None))


def languages_of(row: Any) -> list[str]:
    return row.shown_languages() if isinstance(row, Translatable) else [settings.LANGUAGE_CODE]


def in_each(codes: list[str], address: Callable[[], str], changed_at: datetime | None) -> Iterator[Entry]:
    versions = tuple((code, address_in(code, address)) for code in codes)
    for _code, url in versions:
        yield Entry(url, changed_at, versions if len(versions) > 1 else ())


def address_in(code: str, address: Callable[[], str]) -> str:
    with override(code):
        return settings.SITE_URL + address()
