"""Translate content: each text of a page and its parts next to its translation, and what has changed since."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.safestring import SafeString

from campaign.revisions import diff, history
from campaign.revisions.models import Version
from pages.publishing import richtext
from pages.publishing.plaintext import html_to_text
from pages.publishing.translatable import FROM, IS_SHOWN, Translatable, text_digest

VERSIONS_SOUGHT = 100  # the newest of a piece of content


@dataclass(frozen=True)
class TranslatedText:
    """One text; `is_outdated` if the original has changed since the translation was made."""

    row: Translatable
    name: str
    language: str

    @property
    def field(self) -> Any:
        return self.row._meta.get_field(self.name)

    @property
    def key(self) -> str:
        return f"{self.row._meta.model_name}-{self.row.pk}-{self.name}"

    @property
    def original(self) -> str:
        return str(getattr(self.row, self.name))

    @property
    def translation(self) -> str:
        return str(self.known.get(self.name, ""))

    @property
    def known(self) -> dict[str, Any]:
        return dict(self.row.translations.get(self.language) or {})

    @property
    def safe_original(self) -> SafeString:
        return richtext.rendered(self.original)

    @property
    def is_rich(self) -> bool:
        return self.name in self.row.rich_fields()

    def in_plain(self, text: str) -> str:
        return html_to_text(text) if self.is_rich else text

    @property
    def made_from(self) -> str | None:
        """The digest of the original that the translation was made from; None for older translations."""
        return self.known.get(FROM, {}).get(self.name)

    @property
    def is_missing(self) -> bool:
        """Whether visitors do not read the translation into this language because this text has none."""
        return not self.translation and self.row.needs_translation(self.name)

    @property
    def is_outdated(self) -> bool:
        return bool(self.translation) and self.made_from not in {None, text_digest(self.original)}


@dataclass(frozen=True)
class Progress:
    """`is_shown` if staff mean visitors to read it, which they do once nothing is missing."""

    language: str
    name: str
    texts: int
    translated: int
    missing: int
    outdated: int
    is_shown: bool


def translated_rows(content: Any) -> Iterator[Translatable]:
    """Yield the content, and the rows that are translated together with it."""
    yield content
    for name in history.parts_of(content):
        yield from (row for row in getattr(content, name).all() if isinstance(row, Translatable))


def lines(content: Any, language: str) -> list[TranslatedText]:
    """Return every text that is not empty, or may be in its translation alone, in the order of the page."""
    return [
        line
        for row in translated_rows(content)
        for name in row.translatable
        if (line := TranslatedText(row, name, language)).original or name in row.without_original
    ]


def differences(content: Any, texts: Iterable[TranslatedText]) -> dict[str, SafeString]:
    """Return, by the keys of outdated lines, what was changed in the original since they were translated.

    What the original said is looked for in the versions of the content; a line is missing if they do not have it.
    """
    sought = {line.key: line for line in texts if line.is_outdated}
    found: dict[str, SafeString] = {}
    for version in Version.objects.of(content).shown()[:VERSIONS_SOUGHT] if sought else ():
        rows = dict(rows_of_version(type(content), version.data))
        for key, line in [(key, line) for key, line in sought.items() if key not in found]:
            text = str(rows.get((type(line.row), line.row.pk), {}).get(line.name, ""))
            if text_digest(text) == line.made_from:
                found[key] = diff.marked(line.in_plain(text), line.in_plain(line.original))
    return found


def rows_of_version(model: Any, data: history.Snapshot) -> Iterator[tuple[tuple[Any, int], history.Snapshot]]:
    """Yield what a version says of the content and of each row that is translated with it."""
    yield (model, data["id"]), data
    for name, rows in data.get("parts", {}).items():
        yield from (((history.part_model(model, name), row["id"]), row) for row in rows)


def progress(content: Any) -> list[Progress]:
    """Return the progress in each language except the one that the content was written in."""
    names = [(code, name) for code, name in settings.LANGUAGES if code != content.original_language]
    return [progress_in(content, code, name) for code, name in names]


def half_translated(content: Any) -> list[Progress]:
    """Return the languages whose readers are shown the original, only because something of it has no translation."""
    begun = [each for each in progress(content) if each.is_shown and each.missing]
    return [each for each in begun if content.language_for(each.language) == content.original_language]


def progress_in(content: Any, language: str, name: str) -> Progress:
    texts = lines(content, language)
    translated, missing = sum(bool(line.translation) for line in texts), sum(line.is_missing for line in texts)
    outdated = sum(line.is_outdated for line in texts)
    return Progress(language, name, len(texts), translated, missing, outdated, is_shown(content, language))


def is_shown(content: Any, language: str) -> bool:
    return bool(content.shown_translation(language))


@transaction.atomic
def translate(
    content: Any,
    *,
    language: str,
    texts: Mapping[str, str],
    still_right: Collection[str] = (),
    is_shown: bool,
    by: User | None,
) -> None:
    """Store the translation into one language; the others are left as they are.

    `texts` are by the key of their line; an empty one means no translation. A translation made from an older original
    stays outdated until its text changes or its key is in `still_right`.
    """
    history.rows_like(content).select_for_update().get(pk=content.pk)
    content.refresh_from_db()
    history.remember(content)
    for row in list(translated_rows(content)):
        fields = [translated(TranslatedText(row, name, language), texts, still_right) for name in row.translatable]
        row.translations = row.translations | {language: translation_data(fields, is_shown)}
        row.save(update_fields=["translations"])
    history.record(content, by=by)


def translated(line: TranslatedText, texts: Mapping[str, str], still_right: Collection[str]) -> tuple[str, str, str]:
    """Return the name of the field, its text, and the digest of the original that the text translates."""
    text = texts.get(line.key, "").strip()
    text = richtext.clean(text) if line.is_rich else text
    is_untouched = line.is_outdated and text == line.translation and line.key not in still_right
    return line.name, text, (is_untouched and line.made_from) or text_digest(line.original)


def translation_data(fields: list[tuple[str, str, str]], is_shown: bool) -> dict[str, Any]:
    texts = {name: text for name, text, _made_from in fields if text}
    made_from = {name: origin for name, text, origin in fields if text}
    return {**texts, FROM: made_from, IS_SHOWN: is_shown} if texts else {}
