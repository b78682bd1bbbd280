"""Searching by PostgreSQL's full-text search, in the language of the page and in the site's first one.

PostgreSQL knows the endings of some languages' words; words.py knows the rest. Nothing here needs an extension.

What is found is looked up in one index, whose size follows from the words of the content. What a question costs grows
with the number of texts that hold its words, since each is ranked; 10,000 pages and 5,000 news items take some
milliseconds. The number of queries is always the same.
"""

import re
from collections.abc import Iterator
from functools import partial

from django.conf import settings
from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet

from campaign.web.languages import readable_languages
from pages.models import NewsItem, SearchText
from pages.search.indexing import configuration
from pages.search.words import asked_words, is_single, normal, without_prefixes

BEGINNINGS = {"de", "he"}  # where words are written together, or PostgreSQL knows none of their endings
SHORTEST_BEGINNING = 4  # letters
LONGEST_QUERY = 200  # characters of a question
QUOTES = str.maketrans("“”„«»", '"' * 5)
TERM = re.compile(r'(?P<without>-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


def cleaned(question: str) -> str:
    return question[:LONGEST_QUERY].replace("\0", "").strip()


def search(items: QuerySet[NewsItem], question: str, language: str) -> QuerySet[NewsItem]:
    """Those of `items` that hold what is asked for; all of them if nothing is."""
    asked = cleaned(question)
    return items.filter(pk__in=texts_with(asked, language).exclude(item=None).values("item")) if asked else items


def texts_with(asked: str, language: str) -> QuerySet[SearchText]:
    """Return the texts that hold what is asked for, in the language, its stand-in or the site's first one."""
    found = Q()
    for known in languages(language):
        found |= Q(language=known, vector=query(asked, known))
    return SearchText.objects.filter(found)


def languages(language: str) -> list[str]:
    """Return the languages to look in, each once."""
    return list(dict.fromkeys([*readable_languages(language), settings.LANGUAGE_CODE]))


def query(asked: str, language: str) -> SearchQuery:
    """Return the question as PostgreSQL reads it; it may leave out words, by the rules of the language."""
    text = normal(asked).translate(QUOTES)[:LONGEST_QUERY]
    return SearchQuery(" ".join(parts_of(text, language)), config=configuration(language), search_type="raw")


def parts_of(text: str, language: str) -> Iterator[str]:
    """Yield what is asked for and what stands between. All must be there, unless `or` stands between two.

    >>> " ".join(parts_of('organs or "human tissue" -sale', "en"))
    "( 'organs' ) | ( 'human' <-> 'tissue' ) & !( 'sale' )"
    """
    between = ""
    for term in TERM.finditer(text):
        if term["word"] == "or" and between:
            between = "|"
        elif told := in_query(term, language):
            yield from filter(None, [between, f"{'!' if term['without'] else ''}( {told} )"])
            between = "&"


def in_query(term: re.Match[str], language: str) -> str:
    """Return a phrase, or words of which each may have another form; what must be absent, as it was typed."""
    if term["word"] is None:
        return " <-> ".join(exactly(word) for word in asked_words(term["phrase"]))
    form = exactly if term["without"] else partial(in_forms, language=language)
    return " & ".join(form(word) for word in asked_words(term["word"]))


def exactly(word: str) -> str:
    return f"'{word}':*" if is_single(word) else f"'{word}'"


def in_forms(word: str, language: str) -> str:
    begins = language in BEGINNINGS and len(word) >= SHORTEST_BEGINNING
    forms = [f"'{word}':*" if begins else exactly(word), *(f"'{form}'" for form in without_prefixes(word, language))]
    return f"( {' | '.join(forms)} )" if len(forms) > 1 else forms[0]
