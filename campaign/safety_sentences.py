"""The sentences that people at risk decide by (`locale/safety.toml`), and who has read each of them as it stands.

A changed English sentence has no translation until somebody writes a new one, so a reader of another language gets
the true one in English, never an old promise in their own.
"""

import gettext
import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.translation import to_locale

CATALOGUES = settings.ROOT / "locale"


@dataclass(frozen=True)
class Reading:
    """Somebody's of a sentence in one language; `digest` is that of what they read."""

    language: str
    by: str
    on: date
    digest: str


@dataclass(frozen=True)
class SafetySentence:
    name: str
    says: str
    readings: tuple[Reading, ...]

    def digest(self, language: str) -> str:
        return hashlib.sha256(f"{self.says}\0{self.in_language(language)}".encode()).hexdigest()[:8]

    def in_language(self, language: str) -> str:
        return str(in_language(language)(self.says))

    def current(self) -> Iterator[Reading]:
        """Yield the readings of what the site says today."""
        return (reading for reading in self.readings if reading.digest == self.digest(reading.language))

    def reading_in(self, language: str) -> Reading | None:
        """Return who has read what the site says today in a language; None if nobody has."""
        return next((reading for reading in self.current() if reading.language == language), None)


def safety_sentences() -> list[SafetySentence]:
    written = tomllib.loads((CATALOGUES / "safety.toml").read_text())
    return [SafetySentence(name, entry["says"], readings_of(entry)) for name, entry in written.items()]


def readings_of(entry: dict[str, Any]) -> tuple[Reading, ...]:
    return tuple(Reading(language, **reading) for language, reading in entry["read"].items())


@cache
def in_language(language: str) -> Any:
    """Return what makes a text of the catalogue one of that language: itself in English, or where it has none."""
    domain = gettext.translation("django", CATALOGUES, [to_locale(language)], fallback=True)
    return domain.gettext


def reading_table() -> str:
    """Return the table of docs/languages.md: each sentence, the digest of its English, and who read it when."""
    rows = [
        f"| {sentence.name} | `{sentence.digest(settings.LANGUAGE_CODE)}` | {readers_of(sentence)} |"
        for sentence in safety_sentences()
    ]
    return "\n".join(["| sentence | digest | read by |", "|---|---|---|", *rows])


def number_read(language: str) -> int:
    """Return how many of the sentences somebody has read in a language as they stand."""
    return sum(sentence.reading_in(language) is not None for sentence in safety_sentences())


def language_table() -> str:
    """Return the table of docs/languages.md of how many of them somebody has read in each language."""
    total = len(safety_sentences())
    rows = [f"| {code} | {number_read(code) or 'none'} of {total} |" for code, _name in settings.LANGUAGES]
    return "\n".join(["| language | read as they stand |", "|---|---|", *rows])


def sheet(language: str) -> str:
    """Return the sentences in a language to be read by somebody, each with what is then written in the file."""
    return "\n\n".join(
        f"[{each.name}]\n{each.says}\n{each.in_language(language)}\n"
        f'read.{language} = {{ by = "", on = , digest = "{each.digest(language)}" }}'
        for each in safety_sentences()
    )


def readers_of(sentence: SafetySentence) -> str:
    return "; ".join(
        f"{reading.language}: {reading.by}, {reading.on}, `{reading.digest}`"
        if reading.language != settings.LANGUAGE_CODE
        else f"{reading.language}: {reading.by}, {reading.on}"
        for reading in sentence.current()
    )
