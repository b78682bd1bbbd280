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
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from pages import richtext

FROM = "_from"
IS_SHOWN = "_is_shown"


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

    translations = models.JSONField(_("translations"), default=dict, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def original_language(self) -> str:
        return settings.LANGUAGE_CODE

    def shown_translation(self, language: str) -> dict[str, Any]:
        """Empty while visitors may not see it."""
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
    """Content that need not have been written in the site's first language."""

    language = models.CharField(
        _("language"),
        max_length=10,
        choices=settings.LANGUAGES,
        default=settings.LANGUAGE_CODE,
        help_text=_("The language that this was written in."),
    )

    class Meta:
        abstract = True

    @property
    def original_language(self) -> str:
        return self.language
