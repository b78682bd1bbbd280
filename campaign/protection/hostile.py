"""Input that no honest browser sends gets a 400 before it can reach the database and become a 5xx."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse


class RefuseHostileInputMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_storable(request.path_info) or "%00" in request.META["QUERY_STRING"]:
            raise BadRequest("the address holds characters that no page has")
        return self.get_response(request)


def is_storable(text: str) -> bool:
    """Whether PostgreSQL can hold it: no NUL, and no half of a surrogate pair.

    >>> is_storable("Núñez"), is_storable("a" + chr(0)), is_storable(chr(0xD800))
    (True, False, False)
    """
    return "\0" not in text and (text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text))
