"""Template built-ins for content and links in the language of the page around them."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.urls import translate_url
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info, override

from campaign.web.languages import readable_languages

register = template.Library()


@register.simple_tag
def said_in(language: str | None) -> SafeString | str:
    """Return `lang` and `dir` attributes for content in `language`; nothing if that is the page's own, or empty."""
    if not language or language == get_language():
        return ""
    info: dict[str, Any] = get_language_info(language)
    return format_html(' lang="{}" dir="{}"', language, "rtl" if info["bidi"] else "ltr")


@register.filter
def is_readable(language: str) -> bool:
    """Return whether readers of the page can read `language`, as their own or as what stands in for it."""
    return language in readable_languages(get_language() or settings.LANGUAGE_CODE)


@register.simple_tag
def links_to(languages: Iterable[Mapping[str, str]]) -> SafeString:
    """Return the entries of the language chooser; a loop in the template would slow down every page not cached."""
    here = get_language()
    entries = (entry(one["code"], one["name"], one["code"] == here).format(escape(one["url"])) for one in languages)
    return SafeString("\n".join(entries))


@cache
def entry(code: str, name: str, is_current: bool) -> str:
    """Return one entry with a placeholder for its URL."""
    current = SafeString(' aria-current="true"' if is_current else "")
    place = SafeString("{}")
    return format_html(
        '<li><a href="{}" lang="{}" hreflang="{}"{}><bdi>{}</bdi></a></li>', place, code, code, current, name
    )


@register.filter
def in_this_language(address: str) -> str:
    """Return a link that staff entered; if it leads to this site, to the page in the active language."""
    language = get_language() or settings.LANGUAGE_CODE
    if not address.startswith("/"):
        return address
    with override(settings.LANGUAGE_CODE):
        return translate_url(address, language)
