"""How content is translated: each row carries its own translations.

`translations` maps a language to the translated fields, with a note of which original each was made from, and whether
visitors may see them yet: `{"de": {"title": "...", "_from": {"title": "9f2c..."}, "_is_shown": true}}`. A page and its
blocks therefore keep one structure in every language, showing another language costs no further query, and what has no
translation yet is shown in the language it was written in, marked as such. What else was weighed:
`docs/decisions/0009-content-carries-its-translations.md`.

Templates read `page.local.title`: the field in the visitor's language.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import get_language, get_language_info

from campaign.translation import for_staff, for_staff_lazy
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
        self._fields = original.shown_translation(language)
        self.language = language if self._fields else original.original_language

    def __getattr__(self, name: str) -> Any:
        value = self._fields.get(name) or getattr(self._original, name)
        return richtext.rendered(value) if name in self._original.rich_fields() else value


class Translatable(models.Model):
    """A model whose `translatable` fields can be shown in several languages."""

    translatable: ClassVar[tuple[str, ...]] = ()
    versioned_fields: ClassVar[tuple[str, ...]] = ("translations",)  # which staff write in a form of their own

    translations = TranslationsField(for_staff_lazy("translations"), default=dict, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def original_language(self) -> str:
        return settings.LANGUAGE_CODE

    def shown_translation(self, language: str) -> dict[str, Any]:
        """Return the translated fields, or nothing while visitors may not see them."""
        fields = self.translations.get(language) or {}
        return fields if fields.get(IS_SHOWN, True) else {}

    def shown_languages(self) -> list[str]:
        return [self.original_language, *(code for code in self.translations if self.shown_translation(code))]

    @property
    def local(self) -> Local:
        return self.in_language(get_language() or settings.LANGUAGE_CODE)

    def in_language(self, language: str) -> Local:
        return Local(self, language)

    @classmethod
    def rich_fields(cls) -> frozenset[str]:
        fields = cls._meta.concrete_fields
        return frozenset(field.name for field in fields if isinstance(field, richtext.RichTextField))


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
