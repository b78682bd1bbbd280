"""The picture that messengers and social networks show with a link, 1200 by 630 pixels.

Its words come from a template with one item a line, so that they are translated like any page:

    <name of the site>
    <to whom or what kind>
    <title>
    <number, may be empty>
    <what the number counts>

A picture is drawn once an hour in each process, since each shared link brings robots by the dozen.
"""

import hashlib
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language, get_language_bidi

from campaign.typesetting import draw

WIDTH, HEIGHT = 1200, 630
KEPT_SECONDS = 3600  # seconds
PICTURE_TEMPLATE = Path(__file__).parent / "picture.typ"


def picture_response(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    site, kicker, title, number, counted = title_lines(render_to_string(template, context, request))
    shown = {"site": site, "kicker": kicker, "title": title, "language": language(), "is_rtl": get_language_bidi()}
    count = {"number": number, "counted": counted}
    png = cache.get_or_set(key(shown), lambda: draw(PICTURE_TEMPLATE, shown | count), KEPT_SECONDS)
    headers = {"Cache-Control": f"public, max-age={KEPT_SECONDS}, stale-while-revalidate=86400"}
    return HttpResponse(png, content_type="image/png", headers=headers)


def title_lines(text: str) -> list[str]:
    """Return the five lines; missing ones at the end are empty."""
    lines = [" ".join(line.split()) for line in text.strip().split("\n")]
    return (lines + [""] * 5)[:5]


def language() -> str:
    """Return the language without its script or region, which Typst does not accept there."""
    return (get_language() or "en").split("-", maxsplit=1)[0]


def key(shown: dict[str, Any]) -> str:
    """Return a cache key of all but the count: the count may be an hour old, the words may not."""
    return "picture-" + hashlib.sha256(repr(shown).encode()).hexdigest()
