"""Every published address, in each language it has been translated to; in parts, and an index of the parts."""

from collections.abc import Callable
from datetime import datetime
from math import ceil
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse
from django.utils.translation import get_language

from campaign.web.links import absolute
from letters.models import LetterCampaign
from pages.models import Audience, NewsItem, Page
from petitions.models import Petition

SOURCES: dict[str, Callable[[], Any]] = {
    "petitions": Petition.objects.published,
    "letters": LetterCampaign.objects.published,
    "pages": Page.objects.published,
    "audiences": Audience.objects.published,
    "news": NewsItem.objects.published,
}
ROWS_IN_A_PART = 200  # of content in a part, each in up to all languages


class Part(Sitemap):
    """Addresses on the site's own domain, whichever one they are asked for at."""

    i18n = alternates = x_default = True

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.SITE_URL).netloc


class Sections(Part):
    def items(self) -> list[str]:
        return ["pages:home", "petitions:list", "letters:list", "pages:news", "pages:safety", "supporters:newsletter"]

    def location(self, item: str) -> str:
        return reverse(item)


class Content(Part):
    """The rows from `(number - 1) * ROWS` on, in the order in which they were made."""

    def __init__(self, published: Any, number: int) -> None:
        whole = published.prefetch_related(*getattr(published.model, "read_with", ["texts"]))
        self.rows = whole.order_by("pk")[(number - 1) * ROWS_IN_A_PART : number * ROWS_IN_A_PART]
        self.addresses: dict[tuple[Any, str | None], str] = {}

    def items(self) -> Any:
        return self.rows

    def location(self, item: Any) -> str:
        """Made once in each language, though Django asks again for each language that the address stands beside."""
        key = item, get_language()
        if key not in self.addresses:
            self.addresses[key] = item.get_absolute_url()
        return self.addresses[key]

    def lastmod(self, item: Any) -> datetime | None:
        return getattr(item, "updated_at", None)

    def get_languages_for_item(self, item: Any) -> list[str]:
        return list(item.shown_languages())


def part_names() -> list[str]:
    """The addresses of the parts; their number grows with the content, their size does not."""
    names = [("sections", 1)]
    for name, published in SOURCES.items():
        names += [(name, number) for number in range(1, ceil(published().count() / ROWS_IN_A_PART) + 1)]
    return [absolute(reverse("pages:sitemap-part", args=each)) for each in names]


def named_part(name: str, number: int) -> Part:
    """Raises KeyError for a part that there never is."""
    return Sections() if name == "sections" else Content(SOURCES[name](), number)
