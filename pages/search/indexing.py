"""Making content be found by what it says: one row for each language in which all of it can be read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db import transaction
from django.db.models import Exists, Expression, OuterRef, QuerySet

from campaign.appeals.models import Appeal, Visibility
from letters.models import LetterCampaign
from pages.models import Action, Audience, NewsItem, Page, SearchText, TimelineEntry
from pages.publishing.plaintext import html_to_text
from pages.publishing.translatable import Translatable
from pages.search.words import other_forms, words
from petitions.models import Petition

CONFIGURATIONS = {
    "en": "english", "de": "german", "fr": "french", "es": "spanish", "it": "italian", "ar": "arabic",
}  # fmt: skip
OTHERS = "simple"


@dataclass(frozen=True)
class Source:
    """What a kind of content is found by: its title counts most, then its summary, then the rest."""

    model: Any
    title: str
    summary: str
    rest: tuple[str, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()  # fields of the rows that are one text with it

    @property
    def read_with(self) -> tuple[str, ...]:
        return ("texts",) if issubclass(self.model, Appeal) else self.model.read_with

    def found(self) -> QuerySet[Any]:
        """Return what can be found; others become public by being published, and are indexed then."""
        objects = self.model.objects
        return objects.published() if issubclass(self.model, Appeal) else objects.all()


SOURCES = {
    "item": Source(
        NewsItem, "title", "summary", rows=(("blocks", "heading body source"), ("cosigners", "organisation"))
    ),
    "page": Source(Page, "title", "lede", ("kicker",), (("blocks", "heading body source"),)),
    "audience": Source(Audience, "name", "lede"),
    "action": Source(Action, "title", "explanation", rows=(("examples", "place what"),)),
    "entry": Source(TimelineEntry, "title", "what", ("who", "source")),
    "petition": Source(Petition, "title", "summary", ("addressee", "body")),
    "campaign": Source(LetterCampaign, "title", "summary", ("ask",)),
}  # by the name of the field in SearchText
NAMES = {source.model: name for name, source in SOURCES.items()}


def configuration(language: str) -> str:
    return CONFIGURATIONS.get(language, OTHERS)


def index_saved(content: Any, **_signal: Any) -> None:
    if type(content) in NAMES:
        index(content)


@transaction.atomic
def index(content: Any) -> None:
    """Make the content be found by what it says now."""
    name = NAMES[type(content)]
    source = SOURCES[name]
    locked = type(content).objects.select_for_update(of=("self",), no_key=True)
    saved = locked.prefetch_related(*source.read_with).get(pk=content.pk)
    SearchText.objects.filter(**{name: saved}).delete()
    if isinstance(saved, Appeal) and saved.visibility != Visibility.PUBLISHED:
        return
    SearchText.objects.bulk_create(
        SearchText(**{name: saved}, language=language, vector=vector(saved, language, source))
        for language in saved.shown_languages()
    )


def index_missing() -> None:
    """Index what no row was made for: content that an older release saved, or that was made without a version."""
    for name, source in SOURCES.items():
        known = SearchText.objects.filter(**{name: OuterRef("pk")})
        for content in source.found().filter(~Exists(known)):
            index(content)


def words_in(content: Translatable | Petition | LetterCampaign, language: str) -> Any:
    """Return the fields of the content in a language, by their names."""
    return content.in_language(language) if isinstance(content, Translatable) else content.text_in(language)


def vector(content: Any, language: str, source: Source) -> Any:
    local = words_in(content, language)
    rest = [getattr(local, name) for name in source.rest]
    for relation, fields in source.rows:
        for row in getattr(content, relation).all():
            rest += [getattr(row.in_language(language), name) for name in fields.split()]
    texts = {"A": [getattr(local, source.title)], "B": [getattr(local, source.summary)], "C": rest}
    return Vector(
        configuration(language), [part for weight, told in texts.items() for part in weighed(told, language, weight)]
    )


def weighed(texts: list[str], language: str, weight: str) -> Iterator[tuple[str, str]]:
    """Yield the words in their order, then what they are found by as well, so that phrases stay together."""
    found = words("\n".join(html_to_text(text) for text in texts))
    others = [form for word in dict.fromkeys(found) for form in other_forms(word, language)]
    for told in (found, others):
        yield weight, " ".join(told)


class Vector(Expression):
    """What is found of texts with their weights, as one expression: six of SearchVector take several times as long."""

    def __init__(self, configuration: str, parts: Sequence[tuple[str, str]]) -> None:
        super().__init__(output_field=SearchVectorField())
        self.configuration, self.parts = configuration, parts

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        one = "setweight(to_tsvector(%s::regconfig, %s), %s)"
        values = (value for weight, text in self.parts for value in (self.configuration, text, weight))
        return " || ".join([one] * len(self.parts)), tuple(values)
