"""One id for each request: in every line that is logged while it is answered, and while its work is done later.

It is made here and means nothing elsewhere: it is told to no visitor and to no other machine.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

LENGTH = 12
MOST_NAMED = 5  # of the requests whose work is done in one batch
current_id: ContextVar[str] = ContextVar("current_id", default="")


def current() -> str:
    """Return the id of the request that is answered, or those whose work is done; empty outside of both."""
    return current_id.get()


def to_store() -> str:
    """Return what a piece of work remembers of the request that made it necessary; nothing if it may be another's."""
    known = current()
    return known if len(known) <= LENGTH else ""


@contextmanager
def named(ids: Iterable[str]) -> Iterator[None]:
    """Log under these ids meanwhile, or under the first of them."""
    known = sorted(set(filter(None, ids)))
    token = current_id.set(" ".join(known[:MOST_NAMED]))
    try:
        yield
    finally:
        current_id.reset(token)


class RequestIdMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with named([secrets.token_hex(LENGTH // 2)]):
            return self.get_response(request)
