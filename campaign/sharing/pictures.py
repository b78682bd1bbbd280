"""The picture that messengers and networks show beside a link, 1200 by 630.

Its words come from a template of one thing a line, so that they are translated like any page:

    <name of the site>
    <to whom or what kind>
    <title>
    <number, may be empty>
    <what the number counts>

A picture is drawn once an hour in each process, since whoever shares a link makes robots come by the dozen.
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
HOUR = 3600  # seconds
TEMPLATE = Path(__file__).parent / "picture.typ"


def answer(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    site, kicker, title, number, counted = words(render_to_string(template, context, request))
    shown = {"site": site, "kicker": kicker, "title": title, "language": language(), "is_rtl": get_language_bidi()}
    count = {"number": number, "counted": counted}
    png = cache.get_or_set(key(shown), lambda: draw(TEMPLATE, shown | count), HOUR)
    headers = {"Cache-Control": f"public, max-age={HOUR}, stale-while-revalidate=86400"}
    return HttpResponse(png, content_type="image/png", headers=headers)


def words(text: str) -> list[str]:
    """The five lines, the last ones empty where they are missing."""
    lines = [" ".join(line.split()) for line in text.strip().splitlines()]
    return (lines + [""] * 5)[:5]


def language() -> str:
    """Without its script or region, which Typst does not take there."""
    return (get_language() or "en").split("-", maxsplit=1)[0]


def key(shown: dict[str, Any]) -> str:
    """Of all but the count: that may be an hour old, the words may not."""
    return "picture-" + hashlib.sha256(repr(shown).encode()).hexdigest()
