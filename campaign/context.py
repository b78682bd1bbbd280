"""What every page may show."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.encoding import escape_uri_path
from django.utils.translation import get_language, get_language_bidi

from campaign.languages import bare, prefixed


def site(request: HttpRequest) -> dict[str, Any]:
    """`languages`: code, own name and address of this page in each language of the site. `section`: the first part of
    its address."""
    here = escape_uri_path(request.path)
    alike = bare(here)
    return {
        "site_url": settings.SITE_URL,
        "page_url": settings.SITE_URL + here if is_for_everybody(request) else None,
        "is_rtl": get_language_bidi(),
        "is_demo": settings.DEMO,
        "keep_seconds": settings.KEEP_SECONDS,
        "leave_url": settings.LEAVE_URL,
        "onion_url": settings.ONION_URL,
        "section": alike.split("/")[1],
        "language_name": dict(settings.LANGUAGES)[get_language() or settings.LANGUAGE_CODE],
        "languages": [{"code": code, "name": name, "url": prefixed(alike, code)} for code, name in settings.LANGUAGES],
    }


def is_for_everybody(request: HttpRequest) -> bool:
    """Whether the address can be shared: it names a page, and not one that belongs to somebody."""
    match = request.resolver_match
    return match is not None and getattr(match.func, "page_kind", "public") == "public"
