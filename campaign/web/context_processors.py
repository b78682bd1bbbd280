"""Variables for the templates of every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.encoding import escape_uri_path
from django.utils.translation import get_language, get_language_bidi

from campaign.web.languages import prefixed, unprefixed
from campaign.web.links import absolute


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the variables of every page.

    `languages` has code, own name and path of this page for each language of the site. `section` is the first part of
    its path, after the language.
    """
    here = escape_uri_path(request.path)
    english = unprefixed(here)
    return {
        "site_url": settings.SITE_URL,
        "page_url": absolute(here) if is_for_everybody(request) else None,
        "is_rtl": get_language_bidi(),
        "is_demo": settings.DEMO,
        "keep_seconds": settings.KEEP_SECONDS,
        "leave_url": settings.LEAVE_URL,
        "onion_url": settings.ONION_URL,
        "section": english.split("/")[1],
        "language_name": dict(settings.LANGUAGES)[get_language() or settings.LANGUAGE_CODE],
        "languages": [
            {"code": code, "name": name, "url": prefixed(english, code)} for code, name in settings.LANGUAGES
        ],
    }


def is_for_everybody(request: HttpRequest) -> bool:
    """Return whether the page's address can be shared: it exists and does not belong to one person."""
    match = request.resolver_match
    return match is not None and getattr(match.func, "page_kind", "public") == "public"
