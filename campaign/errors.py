"""Error pages, and what happens when the database is away."""

import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token

from campaign.protection.pages import PERSONAL, is_public

logger = logging.getLogger(__name__)


class Gone(Exception):
    """What stood at this address was removed: 410."""


class ErrorsMiddleware:
    """Answers 503 with a page that holds everything typed, when the database cannot be reached; 410 for `Gone`.

    What does not say how long it may be kept, as an error does not, is not kept by anybody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Gone):
            return render(request, "410.html", status=410)
        if isinstance(exception, OperationalError | InterfaceError):
            logger.error("database away: %s", type(exception).__name__)
            return unavailable(request)
        return None


def unavailable(request: HttpRequest) -> HttpResponse:
    """503, rendered without the database, with a form that sends again what was typed."""
    html = render_to_string("503.html", {"fields": typed(request), "action": request.path})
    return HttpResponse(html, status=503, headers={**PERSONAL, "Retry-After": "10"})


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What a visitor sent; of staff's forms nothing, since they hold passwords and are tied to a session."""
    if not (request.resolver_match and is_public(request.resolver_match.func)):
        return []
    return [(name, value) for name, values in request.POST.lists() for value in values]


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, rendered without request and context processors, which such a request might upset again."""
    return HttpResponse(render_to_string("400.html"), status=400)


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """500, rendered without request, database and context processors."""
    return HttpResponse(render_to_string("500.html"), status=500)
