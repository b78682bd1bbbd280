"""Error pages, and what happens when the database is away or takes nothing, or the disk is full."""

import logging
import sys

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token

from campaign.database import outages
from campaign.web.decorators import PERSONAL, is_public

logger = logging.getLogger(__name__)

STAFF = "/admin/"


class Gone(Exception):
    """What stood at this address was removed: 410."""


def answer_to_outage(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """Return the page for trouble of our own, which staff are told in words; None if the error is no such trouble."""
    trouble = outages.trouble_in_words(error)
    if not trouble and not outages.is_outage(error):
        return None
    name = type(error.__cause__ if error and error.__cause__ else error).__name__
    logger.error("cannot serve: %s (%s)", trouble or "the database is away or takes nothing", name)
    return unavailable(request, trouble if request.path_info.startswith(STAFF) else "")


def unavailable(request: HttpRequest, trouble: str = "") -> HttpResponse:
    """503, rendered without the database, with a form that sends again what was typed."""
    html = render_to_string(
        "503.html", {"fields": typed(request), "action": request.get_full_path(), "trouble": trouble}
    )
    return HttpResponse(html, status=503, headers={**PERSONAL, "Retry-After": "10"})


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what a visitor sent; nothing from staff's forms, which hold passwords and are tied to a session."""
    if not (request.resolver_match and is_public(request.resolver_match.func)):
        return []
    return [(name, value) for name, values in request.POST.lists() for value in values]


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, rendered without request and context processors, which such a request might upset again."""
    return HttpResponse(render_to_string("400.html"), status=400)


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """500, rendered without request, database and context processors.

    Also what middleware met ends here, such as a session that could not be saved: 503 if that was an outage.
    """
    if answer := answer_to_outage(request, sys.exc_info()[1]):
        return answer
    return HttpResponse(render_to_string("500.html"), status=500)
