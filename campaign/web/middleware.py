"""The site's own middleware; settings.MIDDLEWARE has the order, along with that of Django and WhiteNoise.

Two more have modules of their own: page_cache.py and languages.py.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import middleware as auth
from django.contrib.messages import middleware as messages
from django.contrib.sessions import middleware as sessions
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.middleware import common
from django.shortcuts import render
from django_otp import middleware as otp

from campaign.protection.inputs.typed_text import is_storable
from campaign.web.errors import Gone, answer_to_outage

DESK = "/admin/"
ASKED_BY_MACHINES = {"/healthz", "/readyz", "/metrics"}

OFF = (
    "accelerometer camera display-capture geolocation gyroscope hid idle-detection magnetometer microphone midi"
    " payment screen-wake-lock serial usb xr-spatial-tracking"
)
SECURITY_HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in OFF.split()),
}


class SecurityHeadersMiddleware:
    """Adds the headers for which Django has no setting; a view may have set its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class ErrorsMiddleware:
    """Answers 503 with a page that keeps everything typed, when the database takes nothing; 410 for `Gone`.

    A response that does not say how long it may be cached, such as an error, is marked as not to be stored.
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
        return answer_to_outage(request, exception)


class RefuseHostileInputMiddleware:
    """Answers 400 to input that no honest browser sends, before it can reach the database and cause a 5xx."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_storable(request.path_info) or "%00" in request.META["QUERY_STRING"]:
            raise BadRequest("the address holds characters that no page has")
        return self.get_response(request)


class CommonMiddleware(common.CommonMiddleware):
    """Answers what machines ask whatever host they name: probes and scrapers know an address, and not ALLOWED_HOSTS."""

    def process_request(self, request: HttpRequest) -> HttpResponsePermanentRedirect | None:
        return None if request.path_info in ASKED_BY_MACHINES else super().process_request(request)


class AtTheDesk:
    """Mixin that limits a middleware to the admin: on any other page nobody is logged in, and no cookie is read."""

    get_response: Any

    def __call__(self, request: HttpRequest) -> Any:
        if request.path_info.startswith(DESK):
            return super().__call__(request)  # type: ignore[misc]  # of the middleware behind it
        return self.get_response(request)


class SessionMiddleware(AtTheDesk, sessions.SessionMiddleware):
    pass


class AuthenticationMiddleware(AtTheDesk, auth.AuthenticationMiddleware):
    pass


class OTPMiddleware(AtTheDesk, otp.OTPMiddleware):
    pass


class MessageMiddleware(AtTheDesk, messages.MessageMiddleware):
    pass
