"""Texts for translators who work in a program of their own: written to a PO file, and read back from it.

Each text is known by its place (`page-3/block-12-body`), so that a file may come back late, in part or in another
order. What comes back for a text whose original has changed meanwhile is not taken.
"""

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from babel.messages import pofile
from babel.messages.catalog import Catalog
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.safestring import SafeString
from django.utils.translation import to_locale

from campaign.revisions import diff, history
from campaign.translation import for_staff
from pages.publishing import richtext
from pages.publishing.translatable import text_digest
from pages.translation import editor
from pages.translation.editor import TranslatedText

PLURAL = re.compile(r"^\s*(#~\s*)?msgid_plural\b", re.MULTILINE)
LONGEST = 20_000  # characters of a translation that has no limit of its own; or four times its original
MOST_BYTES = 2_000_000  # of a file; all texts of the first content take about 200,000 in one language


@dataclass(frozen=True)
class Returned:
    """A text that a file changes, or confirms as still right."""

    content: Any
    line: TranslatedText
    text: str

    @property
    def shown(self) -> SafeString:
        """Return what it takes away from the translation that there is, and what it adds."""
        return diff.marked(self.line.in_plain(self.line.translation), self.line.in_plain(self.text))

    @property
    def seen(self) -> list[str]:
        """Return its place, its text, and by what can be told later whether the original or translation has changed."""
        return [place(self.content, self.line), self.text, state_of(self.line)]


@dataclass
class Reading:
    """What a file changes, and a sentence for each text that cannot be taken."""

    changes: list[Returned] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


class Changed(Exception):
    """Somebody has changed an original or a translation since it was shown what a file changes."""


def state_of(line: TranslatedText) -> str:
    return text_digest(f"{line.original}\0{line.translation}")


def place(content: Any, line: TranslatedText) -> str:
    return f"{content._meta.model_name}-{content.pk}/{line.key}"


def write(contents: Iterable[Any], language: str, *, at: datetime) -> bytes:
    """Return a PO file of every text of `contents` with its translation into `language`, if there is one.

    Translations of an older original are marked as fuzzy, with what has changed since.
    """
    catalog = Catalog(locale=to_locale(language), charset="utf-8", creation_date=at, fuzzy=False, header_comment="#")
    for content in contents:
        texts = editor.lines(content, language)
        changed = editor.differences(content, texts)
        for line in texts:
            said = [f"{content}: {line.field.verbose_name}", *(["HTML"] if line.is_rich else [])]
            if line.key in changed:
                said.append(str(changed[line.key]))
            flags = ["fuzzy"] if line.is_outdated else []
            catalog.add(line.original, line.translation, context=place(content, line), auto_comments=said, flags=flags)
    file = io.BytesIO()
    pofile.write_po(file, catalog, width=0, omit_header=False)
    return file.getvalue()


def read(data: bytes, contents: Iterable[Any], language: str) -> Reading:
    """Return what a file changes in `contents`, in their order.

    Raise ValidationError if it is no PO file, or one of another language.
    """
    catalog = parse(data)
    if catalog.locale is None or str(catalog.locale) != to_locale(language):
        raise ValidationError(for_staff("This file does not say that it is for the language chosen above."))
    reading = Reading()
    sent = {message.context: message for message in catalog if message.id and message.context}
    for content in contents:
        for line in editor.lines(content, language):
            if message := sent.pop(place(content, line), None):
                take(reading, content, line, message)
    reading.problems += [
        for_staff("“%(place)s” is not on the site any more, or you may not change it.") % {"place": where}
        for where in sent
    ]
    return reading


def parse(data: bytes) -> Catalog:
    """Read the file as UTF-8, whatever its header says of that. None of our texts has a plural."""
    try:
        text = data.decode("utf-8-sig")
        if PLURAL.search(text):
            raise ValueError
        return pofile.read_po(io.StringIO(text), abort_invalid=True)
    except (pofile.PoFileError, ValueError, LookupError, AttributeError, TypeError) as failed:
        raise ValidationError(for_staff("This is not a PO file that can be read.")) from failed


def take(reading: Reading, content: Any, line: TranslatedText, message: Any) -> None:
    """Add a text to what the file changes, or say why it is not taken; an empty one leaves what there is."""
    text, known = str(message.string or "").strip(), line.translation.strip()
    if line.is_rich:
        text, known = richtext.clean(text), richtext.clean(known)  # what was stored elsewhere may be written otherwise
    is_confirmed = line.is_outdated and not message.fuzzy  # the same words may be right for the new original
    if not text or (text == known and not is_confirmed):
        return
    if why := objection(line, message, text):
        reading.problems.append(f"{content}, {line.field.verbose_name}: {why}")
    else:
        reading.changes.append(Returned(content, line, text))


def objection(line: TranslatedText, message: Any, text: str) -> str:
    longest = line.field.max_length or max(LONGEST, 4 * len(line.original))
    if message.id != line.original:
        return for_staff("The original has been changed since the file was made.")
    if message.fuzzy:
        return for_staff("It is marked as unsure.")
    if len(text) > longest:
        return for_staff("It has %(number)s characters; %(longest)s are the most.") % {
            "number": len(text),
            "longest": longest,
        }
    return ""


@transaction.atomic
def store(rows: Iterable[list[str]], contents: Iterable[Any], language: str, *, is_shown: bool, by: User) -> int:
    """Store what was `seen` of each change, a version for each piece of content; return how many texts these are.

    With `is_shown`, visitors see the translations once they are whole; else, as it was for each. Raises Changed, and
    stores nothing, if anybody has changed one of these texts since, or it is not in `contents` any more.
    """
    wanted = {where: (text, state) for where, text, state in rows}
    number = len(wanted)
    for content in contents:
        prefix = f"{content._meta.model_name}-{content.pk}/"
        if not any(where.startswith(prefix) for where in wanted):
            continue
        locked = history.rows_like(content).select_for_update(of=("self",), no_key=True).get(pk=content.pk)
        texts = {line.key: line.translation for line in editor.lines(locked, language)}
        taken = set()
        for line in editor.lines(locked, language):
            text, state = wanted.pop(place(locked, line), ("", ""))
            if state and state != state_of(line):
                raise Changed
            if state:
                texts[line.key] = text
                taken.add(line.key)
        shown = is_shown or editor.is_shown(locked, language)
        editor.translate(locked, language=language, texts=texts, still_right=taken, is_shown=shown, by=by)
    if wanted:
        raise Changed
    return number
