"""Searching the news by PostgreSQL's full-text search, in the language of the page and in the site's first one.

PostgreSQL knows the endings of some languages' words. Chinese, Japanese and Korean are written without spaces between
words, so a run of their characters is stored and asked for as its pairs: 器官移植 as 器官 官移 移植.
"""

import re
from typing import Any

from django.conf import settings
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import transaction
from django.db.models import Q, QuerySet, Value

from pages.models import NewsItem, NewsText
from pages.publishing.plaintext import html_to_text

CONFIGURATIONS = {
    "en": "english", "de": "german", "fr": "french", "es": "spanish", "it": "italian", "ar": "arabic",
}  # fmt: skip
OTHERS = "simple"
LONGEST_QUERY = 200  # characters of a question
RUN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,}")


def configuration(language: str) -> str:
    return CONFIGURATIONS.get(language, OTHERS)


def in_pairs(text: str) -> str:
    """Runs of characters that are written without spaces as pairs; all else as it is.

    >>> in_pairs("about 器官移植 now")
    'about  器官 官移 移植  now'
    """
    return RUN.sub(lambda run: " " + " ".join(run[0][at : at + 2] for at in range(len(run[0]) - 1)) + " ", text)


def search(items: QuerySet[NewsItem], question: str, language: str) -> QuerySet[NewsItem]:
    """Those of `items` that hold what is asked for; all of them if nothing is."""
    asked = cleaned(question)
    if not asked:
        return items
    found = Q()
    for known in {language, settings.LANGUAGE_CODE}:
        query = SearchQuery(in_pairs(asked), config=configuration(known), search_type="websearch")
        found |= Q(language=known, vector=query)
    return items.filter(pk__in=NewsText.objects.filter(found).values("item"))


def cleaned(question: str) -> str:
    return question[:LONGEST_QUERY].strip()


def index_saved(content: NewsItem, **_signal: Any) -> None:
    index(content)


@transaction.atomic
def index(item: NewsItem) -> None:
    """Make the item be found by what it says now."""
    item.texts.all().delete()
    NewsText.objects.bulk_create(
        NewsText(item=item, language=language, vector=vector(item, language)) for language in item.shown_languages()
    )


def vector(item: NewsItem, language: str) -> Any:
    """The title counts most, then the summary, then the text and those who signed."""
    local = item.in_language(language)
    blocks = [block.in_language(language) for block in item.blocks.all()]
    signers = [cosigner.in_language(language).organisation for cosigner in item.cosigners.all()]
    rest = [part for block in blocks for part in (block.heading, html_to_text(block.body))] + signers
    parts = {"A": local.title, "B": local.summary, "C": " ".join(rest)}
    weighed = [
        SearchVector(Value(in_pairs(text)), config=configuration(language), weight=w) for w, text in parts.items()
    ]
    return weighed[0] + weighed[1] + weighed[2]
