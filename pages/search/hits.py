"""What a search of the whole site finds, the best first, in the language in which a reader can read all of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.search import SearchRank
from django.db.models import F, Max, Q, QuerySet
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from letters.models import LetterCampaign
from pages.models import Action, Audience, NewsItem, Page, TimelineEntry
from pages.models.blocks import Block
from pages.publishing.translatable import Translatable, active_language, read_together
from pages.search.indexing import SOURCES
from pages.search.searching import cleaned, languages, query, texts_with
from petitions.models import Petition

LONGEST_TEXT = 240  # characters shown of a summary


@dataclass(frozen=True)
class Hit:
    kind: str
    title: str
    url: str
    text: str
    language: str


def shown_content() -> dict[str, QuerySet[Any]]:
    """Return what visitors can see, by the name of the field in SearchText."""
    audiences = Audience.objects.published()
    return {
        "item": NewsItem.objects.published(),
        "page": Page.objects.published(),
        "audience": audiences,
        "action": Action.objects.published().filter(audience__in=audiences).select_related("audience"),
        "entry": TimelineEntry.objects.published(),
        "petition": Petition.objects.published(),
        "campaign": LetterCampaign.objects.published(),
    }


def evidence_page() -> Page | None:
    """Return the page that shows the timeline, without which nobody can see its entries."""
    return Page.objects.published().filter(blocks__kind=Block.Kind.TIMELINE).order_by("path").first()


class Found:
    """All that is found, of which a paginator asks for a part: each piece of content once."""

    def __init__(self, question: str) -> None:
        self.evidence = evidence_page()
        self.shown = shown_content()
        if self.evidence is None:
            del self.shown["entry"]
        self.rows = self.found(cleaned(question))

    def found(self, asked: str) -> QuerySet[Any, dict[str, Any]]:
        ranks = reduce(or_, (query(asked, known) for known in languages(active_language())))
        shown = Q(*((f"{name}__in", rows.values("pk")) for name, rows in self.shown.items()), _connector=Q.OR)
        texts = texts_with(asked, active_language()).filter(shown).values(*SOURCES)
        return texts.annotate(rank=Max(SearchRank(F("vector"), ranks))).order_by("-rank", *SOURCES)

    def __len__(self) -> int:
        return self.rows.count()

    def __getitem__(self, part: slice) -> list[Hit]:
        rows = [next((name, row[name]) for name in SOURCES if row[name]) for row in self.rows[part]]
        contents = {name: self.loaded(name, {key for kind, key in rows if kind == name}) for name in self.shown}
        return [self.hit(name, contents[name][key]) for name, key in rows if key in contents[name]]

    def loaded(self, name: str, keys: Iterable[int]) -> dict[int, Any]:
        return self.shown[name].prefetch_related(*SOURCES[name].read_with).in_bulk(keys)

    def hit(self, name: str, content: Any) -> Hit:
        if isinstance(content, Translatable):
            read_together(content.rows_of_text())
        source = SOURCES[name]
        local = content.local if isinstance(content, Translatable) else content.text_in(active_language())
        return Hit(
            kind=kind_of(content),
            title=getattr(local, source.title),
            url=self.address_of(content),
            text=Truncator(strip_tags(getattr(local, source.summary))).chars(LONGEST_TEXT),
            language=local.language,
        )

    def address_of(self, content: Any) -> str:
        if isinstance(content, TimelineEntry) and self.evidence:
            return f"{self.evidence.get_absolute_url()}#entry-{content.pk}"
        return str(content.get_absolute_url())


def kind_of(content: Any) -> str:
    if isinstance(content, NewsItem):
        return str(content.get_category_display())
    if isinstance(content, TimelineEntry):
        return _("Timeline")
    if isinstance(content, Petition):
        return _("Petition")
    if isinstance(content, LetterCampaign):
        return _("Letters")
    return "" if isinstance(content, Page) else _("How you can help")
