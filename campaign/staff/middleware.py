"""Sessions, accounts and messages, for the desk alone: on any other page nobody is logged in, and no cookie is read."""

from typing import Any

from django.contrib.auth import middleware as auth
from django.contrib.messages import middleware as messages
from django.contrib.sessions import middleware as sessions
from django.http import HttpRequest
from django_otp import middleware as otp

DESK = "/admin/"


class AtTheDesk:
    """Goes before the middleware that it keeps at the desk."""

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
