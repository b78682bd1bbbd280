"""Marks content that is shown in another language than the page around it. A template built-in."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info

register = template.Library()


@register.simple_tag
def said_in(language: str | None) -> SafeString | str:
    """`lang` and `dir` attributes for content in `language`; nothing where the page says the same, or none is named."""
    if not language or language == get_language():
        return ""
    info: dict[str, Any] = get_language_info(language)
    return format_html(' lang="{}" dir="{}"', language, "rtl" if info["bidi"] else "ltr")
