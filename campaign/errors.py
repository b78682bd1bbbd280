"""Error pages, and what happens when the database is away."""

import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token

logger = logging.getLogger(__name__)


class Gone(Exception):
    """What stood at this address was removed: 410."""


class OutageMiddleware:
    """Answers 503 with a page that holds everything typed, when the database cannot be reached; 410 for `Gone`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Gone):
            return render(request, "410.html", status=410)
        if isinstance(exception, OperationalError | InterfaceError):
            logger.error("database away: %s", type(exception).__name__)
            return unavailable(request)
        return None


def unavailable(request: HttpRequest) -> HttpResponse:
    """503, rendered without the database, with a form that sends again what was typed."""
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    html = render_to_string("503.html", {"fields": fields, "action": request.path, "method": request.method})
    return HttpResponse(html, status=503, headers={"Cache-Control": "no-store", "Retry-After": "10"})


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """500, rendered without request, database and context processors."""
    return HttpResponse(render_to_string("500.html"), status=500, headers={"Cache-Control": "no-store"})
