"""Content and links in the language of the page around them. A template built-in."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.urls import translate_url
from django.utils.html import escape, format_html
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


@register.simple_tag
def links_to(languages: Iterable[Mapping[str, str]]) -> SafeString:
    """An entry of the chooser for each; on every page that cannot be kept, so not left to a template's loop."""
    here = get_language()
    entries = (entry(one["code"], one["name"], one["code"] == here).format(escape(one["url"])) for one in languages)
    return SafeString("\n".join(entries))


@cache
def entry(code: str, name: str, is_current: bool) -> str:
    """With a place for the address."""
    current = SafeString(' aria-current="true"' if is_current else "")
    place = SafeString("{}")
    return format_html(
        '<li><a href="{}" lang="{}" hreflang="{}"{}><bdi>{}</bdi></a></li>', place, code, code, current, name
    )


@register.filter
def in_this_language(address: str) -> str:
    """A link that staff gave: to a page of this site in the language of this one, or elsewhere and unchanged."""
    language = get_language() or settings.LANGUAGE_CODE
    if not address.startswith("/"):
        return address
    with override(settings.LANGUAGE_CODE):
        return translate_url(address, language)
