"""One word for one thing in each language, none that was found to mislead, and the language's own typography."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from backoffice.first_content.data import __file__ as content_file
from tests.test_languages import CODES, FOR_VISITORS, catalog, texts

CONTENT = Path(content_file).parent
TERMS: dict[str, Any] = tomllib.loads((Path(settings.ROOT) / "locale/terms.toml").read_text())
NAMES_IN_ENGLISH = re.compile(
    "Doctors Against Forced Organ Harvesting|"
    "Tribunal into Forced Organ Harvesting from Prisoners of Conscience in China"
)
in_every_language = pytest.mark.parametrize("code", CODES)


def read(path: Path) -> dict[str, str]:
    """Return every text of a file of content, by where it stands."""
    return dict(strings(tomllib.loads(path.read_text()))) if path.exists() else {}


def strings(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict | list):
        parts = value.items() if isinstance(value, dict) else enumerate(value)
        for key, part in parts:
            yield from strings(part, f"{place}.{key}")


def said_in(code: str) -> list[tuple[str, str]]:
    """Return each English text with what the language makes of it, in the catalogue and in the first content."""
    said = []
    for message in catalog(FOR_VISITORS, code):
        if message.id:
            source, translated = texts(message)
            said += [(source[-1], text) for text in translated if text]
    for english, translated_file in files_of(code):
        translation = read(translated_file)
        said += [(text, translation[place]) for place, text in read(english).items() if place in translation]
    return said


def files_of(code: str) -> list[tuple[Path, Path]]:
    """Return each file of the first content in English, and what holds the same in the language."""
    shared = [(path, CONTENT / code / path.name) for path in sorted(CONTENT.glob("*.toml"))]
    petition, letter, parliament = CONTENT / "petition", CONTENT / "letters", CONTENT / "parliament"
    return [
        *shared,
        (petition / "en.toml", petition / f"{code}.toml"),
        (letter / "campaign.toml", letter / f"{code}.toml"),
        (parliament / "campaign.toml", parliament / f"{code}.toml"),
    ]


@in_every_language
def test_a_term_is_said_by_its_one_word(code):
    wanting = [
        (english, text)
        for term in TERMS["terms"]
        for english, text in said_in(code)
        if re.search(term["says"], NAMES_IN_ENGLISH.sub("", english)) and not re.search(term[code], text)
        if not english.startswith(tuple(term.get("unsaid", [])))
    ]
    assert wanting == []


@in_every_language
def test_no_word_that_misleads_is_used(code):
    found = {
        f"{word}: say {instead}": text
        for word, instead in TERMS["forbidden"].get(code, {}).items()
        for _english, text in said_in(code)
        if re.search(word, text)
    }
    assert found == {}


NOT_WORDS = re.compile(r"<[^>]*>|%\(\w+\)s|https?:\S+")
# what a language's typography asks for, by what breaks it
TYPOGRAPHY = {
    "fr": {r"\w[;!?»]": "no no-break space before it", r"« ?\w": "no no-break space after it", r"\w'\w": "’, not '"},
    "it": {r"\w'\w": "’, not '"},
    "zh-hans": {r"[\u4e00-\u9fff][,;:!?(]": "a sign of ASCII after Chinese"},
    "zh-hant": {r"[\u4e00-\u9fff][,;:!?(]": "a sign of ASCII after Chinese"},
    "ja": {r"[\u3040-\u30ff\u4e00-\u9fff][,;:!?(]": "a sign of ASCII after Japanese"},
    "ar": {
        r"[\u0600-\u06ff][,;?]": "، ؛ or ؟",
        r"[\u0600-\u06ff] \d+[-/]\d+(?!\u2069)": "digits that turn round: isolate them",
    },
    "he": {r"[\u05d0-\u05ea]\"[\u05d0-\u05ea]": "״, not a straight quotation mark"},
}


@in_every_language
def test_its_typography_is_kept(code):
    rules = {**TYPOGRAPHY.get(code, {}), r"\S {2,}\S": "two spaces"}
    found = {
        f"{rule} ({what})": text
        for rule, what in rules.items()
        for _english, text in said_in(code)
        if re.search(rule, NOT_WORDS.sub("…", text))
    }
    assert found == {}


THE_SENATE = {
    "de": "Senat",
    "fr": "(?i)sénat",
    "es": "(?i)senad",
    "it": "(?i)senat",
    "ja": "上院",
    "ko": "상원",
    "zh-hant": "參議",
    "zh-hans": "参议",
    "vi": "(?i)thượng (viện|nghị)",
    "ar": "الشيوخ",
    "he": "סנאט",
}


@in_every_language
def test_the_senate_is_named_only_where_the_english_names_it(code):
    """Letters go to any list: “the office” is not a senator's."""
    found = [
        (english, text)
        for english, text in said_in(code)
        if re.search(THE_SENATE[code], text) and not re.search("(?i)senat", english)
    ]
    assert found == []
