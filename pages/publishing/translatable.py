"""How content is translated: each row carries its own translations.

`translations` maps a language to the translated fields, with a note of which original each was made from, and whether
visitors may see them yet: `{"de": {"title": "...", "_from": {"title": "9f2c..."}, "_is_shown": true}}`. A page and its
blocks therefore keep one structure in every language, and showing another language costs no further query.

Nobody reads a mixture: a row of which a text lacks its translation is shown in the language that stands in for the
visitor's (`STAND_INS`), or else in the one it was written in, marked as such, and so is all that is read together with
it (`read_together`). What else was weighed:
`docs/decisions/0009-content-carries-its-translations.md`.

Templates read `page.local.title`: the field in the visitor's language.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import get_language, get_language_info

from campaign.translation import for_staff, for_staff_lazy
from campaign.web.languages import readable_languages
from pages.publishing import richtext

FROM = "_from"
IS_SHOWN = "_is_shown"
LANGUAGE_NAMES = dict(settings.LANGUAGES)


class TranslationsField(models.JSONField):
    def deconstruct(self) -> Any:
        """Return what migrations know: to the database this is JSON."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs

    def in_words(self, value: dict[str, dict[str, Any]] | None) -> dict[str, str]:
        """Return each translated text, by the name of its field and its language."""
        words: dict[str, str] = {}
        for language, texts in (value or {}).items():
            known = get_language_info(language)["name_translated"] if language in LANGUAGE_NAMES else language
            told = {name: text for name, text in texts.items() if name not in {FROM, IS_SHOWN}}
            words |= {
                for_staff("%(label)s in %(language)s") % {"label": self.label_of(name), "language": known}: str(text)
                for name, text in told.items()
            }
            if told:
                words[for_staff("%(language)s shown to visitors") % {"language": known}] = (
                    for_staff("yes") if texts.get(IS_SHOWN, True) else for_staff("no")
                )
        return words

    def label_of(self, name: str) -> str:
        known = {field.name: str(field.verbose_name) for field in self.model._meta.concrete_fields}
        return known.get(name, name)


class Local:
    """The fields of one object in one language; formatted text comes out cleaned and safe."""

    def __init__(self, original: "Translatable", language: str) -> None:
        self._original = original
        shown = original.shown_translations(language)
        told = {name: code for code in reversed(shown) for name, text in shown[code].items() if text}
        self._languages = told
        self._fields = {name: shown[code][name] for name, code in told.items()}
        self.language = next(iter(shown), original.original_language)

    def __getattr__(self, name: str) -> Any:
        value = self._fields.get(name) or self._untranslated(name)
        return richtext.rendered(value) if name in self._original.rich_fields() else value

    def _untranslated(self, name: str) -> Any:
        return "" if self._fields and name in self._original.left_out else getattr(self._original, name)

    @property
    def languages(self) -> dict[str, str]:
        """By the name of the field; they differ only in what is not one text."""
        original = self._original
        return {name: self._languages.get(name, original.original_language) for name in original.translatable}


class Translatable(models.Model):
    """A model whose `translatable` fields can be shown in several languages.

    A translation is whole without the fields that are `left_out`, since another stands in for them, and without those
    that stay `as_written`, such as names; those `without_original` may be in translations alone. `read_with` are the
    relations whose rows are one text with this row. If it is not `is_one_text`, each field is read by itself, in
    whichever language there is. People at risk decide by the `decisive` fields: of these, no translation is shown that
    was made from another original than today's.
    """

    translatable: ClassVar[tuple[str, ...]] = ()
    left_out: ClassVar[tuple[str, ...]] = ()
    as_written: ClassVar[tuple[str, ...]] = ()
    without_original: ClassVar[tuple[str, ...]] = ()
    read_with: ClassVar[tuple[str, ...]] = ()
    is_one_text: ClassVar[bool] = True
    versioned_fields: ClassVar[tuple[str, ...]] = ("translations",)  # which staff write in a form of their own
    read_in: str | None = None  # the language of all that is read together with it

    translations = TranslationsField(for_staff_lazy("translations"), default=dict, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def original_language(self) -> str:
        return settings.LANGUAGE_CODE

    @property
    def decisive(self) -> tuple[str, ...]:
        return ()

    def shown_translation(self, language: str) -> dict[str, Any]:
        """Return the translated fields, or nothing while visitors may not see them."""
        fields = self.translations.get(language) or {}
        if not fields.get(IS_SHOWN, True):
            return {}
        return {
            name: text for name, text in fields.items() if name not in self.decisive or self.is_current(fields, name)
        }

    def is_current(self, fields: dict[str, Any], name: str) -> bool:
        """Whether the translation was made from what the original says today, as far as is known."""
        return fields.get(FROM, {}).get(name) in {None, text_digest(str(getattr(self, name)))}

    def clean_words(self, name: str, words: str) -> str:
        """Return a translation of the field as it is stored. Raises ValidationError for what it cannot be."""
        return words

    def needs_translation(self, name: str) -> bool:
        return bool(getattr(self, name)) and name not in {*self.left_out, *self.as_written}

    def is_translated(self, language: str) -> bool:
        """Whether each text of this row that needs one has a translation that visitors may see."""
        known = self.shown_translation(language)
        needed = [name for name in self.translatable if self.needs_translation(name)] if self.is_one_text else []
        return language == self.original_language or all(known.get(name) for name in needed)

    def shown_translations(self, language: str) -> dict[str, dict[str, Any]]:
        """Return the translated fields that its readers are shown, by language, the best first."""
        known = [code for code in readable_languages(language) if self.is_translated(code)]
        chosen = known[:1] if self.is_one_text else known
        return {code: fields for code in chosen if (fields := self.shown_translation(code))}

    def rows_of_text(self) -> Iterator["Translatable"]:
        """Yield this row and those that are one text with it."""
        yield self
        for name in self.read_with:
            yield from getattr(self, name).all()

    def shown_languages(self) -> list[str]:
        """Return those in which all of it can be read."""
        rows = list(self.rows_of_text())
        others = [code for code in self.translations if self.shown_translation(code)]
        return [self.original_language, *(code for code in others if all(row.is_translated(code) for row in rows))]

    def language_for(self, language: str) -> str:
        """Return the language in which its readers are shown all of it."""
        return common_language(list(self.rows_of_text()), language)

    @property
    def local(self) -> Local:
        return self.in_language(self.read_in or active_language())

    def in_language(self, language: str) -> Local:
        return Local(self, language)

    @classmethod
    def rich_fields(cls) -> frozenset[str]:
        fields = cls._meta.concrete_fields
        return frozenset(field.name for field in fields if isinstance(field, richtext.RichTextField))


def text_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def active_language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def common_language(rows: Sequence[Translatable], language: str) -> str:
    """Return the language in which its readers are shown rows that are one text; as written unless it is whole."""
    whole = (code for code in readable_languages(language) if all(row.is_translated(code) for row in rows))
    return next(whole, rows[0].original_language)


def read_together(rows: Iterable[Translatable]) -> None:
    """Have rows that are one text shown in one language that the visitor reads."""
    together = list(rows)
    language = common_language(together, active_language())
    for row in together:
        row.read_in = language


class Written(Translatable):
    """Content that may have been written in another language than the site's first one."""

    language = models.CharField(
        for_staff_lazy("language"),
        max_length=10,
        choices=settings.LANGUAGES,
        default=settings.LANGUAGE_CODE,
        help_text=for_staff_lazy("The language that this was written in."),
    )

    class Meta:
        abstract = True

    @property
    def original_language(self) -> str:
        return self.language
