"""Content and links in the language of the page around them. A template built-in."""

from typing import Any

from django import template
from django.conf import settings
from django.urls import translate_url
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info, override

register = template.Library()


@register.simple_tag
def said_in(language: str | None) -> SafeString | str:
    """`lang` and `dir` attributes for content in `language`; nothing where the page says the same, or none is named."""
    if not language or language == get_language():
        return ""
    info: dict[str, Any] = get_language_info(language)
    return format_html(' lang="{}" dir="{}"', language, "rtl" if info["bidi"] else "ltr")


@register.filter
def in_this_language(address: str) -> str:
    """A link that staff gave: to a page of this site in the language of this one, or elsewhere and unchanged."""
    language = get_language() or settings.LANGUAGE_CODE
    if not address.startswith("/"):
        return address
    with override(settings.LANGUAGE_CODE):
        return translate_url(address, language)
