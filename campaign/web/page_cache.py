"""Keep finished public pages for KEEP_SECONDS, so that a page is made once, however many people look at it.

Only pages that every cache on the way to the visitor may keep as well (`public_page`) are kept, and only for requests
in which nothing tells people apart: GET without a query, cookies or credentials. `Age` says how old a page is, so that
caches further on do not add their ten seconds to these.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from campaign.performance.local_cache import MOST_ANSWERS
from campaign.web.decorators import CACHEABLE, MAX_AGE

PERSONAL_HEADERS = ("QUERY_STRING", "HTTP_COOKIE", "HTTP_AUTHORIZATION")
LOCKS = 1024  # pages share them by chance, which costs a short wait at worst

Key = tuple[str, str, str]  # scheme, since HSTS is said under https only; host; path


@dataclass(slots=True)
class CachedPage:
    content: bytes
    headers: dict[str, str]
    made_at: float
    renewed_at: float  # the first request after this makes it anew; others get the old one meanwhile

    def is_good(self, now: float) -> bool:
        return now < self.renewed_at and self.is_young(now)

    def is_young(self, now: float) -> bool:
        return now - self.made_at < MAX_AGE

    def shown_again(self, now: float) -> HttpResponse:
        return HttpResponse(self.content, headers={**self.headers, "Age": str(int(now - self.made_at))})


class KeepPagesMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.pages: dict[Key, CachedPage] = {}
        self.locks = [Lock() for _ in range(LOCKS)]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.KEEP_SECONDS or not is_anybodys(request):
            return self.get_response(request)
        now = time.monotonic()
        key = (str(request.scheme), request.META.get("HTTP_HOST", ""), request.path_info)
        page = self.pages.get(key)
        if page and page.is_good(now):
            return page.shown_again(now)
        if page and page.is_young(now):
            page.renewed_at = now + settings.KEEP_SECONDS
            return self.keep(key, self.get_response(request), now)
        return self.make_once(key, request)

    def make_once(self, key: Key, request: HttpRequest) -> HttpResponse:
        """Make a page of which there is no copy; other requests wait a little for it instead of making it too."""
        with waiting_for(self.locks[hash(key) % len(self.locks)], seconds=settings.KEEP_SECONDS):
            now = time.monotonic()
            page = self.pages.get(key)
            if page and page.is_good(now):
                return page.shown_again(now)
            return self.keep(key, self.get_response(request), now)

    def keep(self, key: Key, response: HttpResponse, now: float) -> HttpResponse:
        if may_be_kept(response):
            if len(self.pages) >= MOST_ANSWERS:
                self.pages.clear()
            self.pages[key] = CachedPage(response.content, dict(response.items()), now, now + settings.KEEP_SECONDS)
        else:
            self.pages.pop(key, None)
        return response


@contextmanager
def waiting_for(lock: Lock, *, seconds: float) -> Iterator[None]:
    """Hold `lock`; go on without it if it is not free in time, since a slow page must not make a queue."""
    is_mine = lock.acquire(timeout=seconds)
    try:
        yield
    finally:
        if is_mine:
            lock.release()


def is_anybodys(request: HttpRequest) -> bool:
    return request.method == "GET" and not any(request.META.get(name) for name in PERSONAL_HEADERS)


def may_be_kept(response: HttpResponse) -> bool:
    is_public = response.headers.get("Cache-Control") == CACHEABLE and "Vary" not in response.headers
    return is_public and response.status_code == 200 and not response.streaming and not response.cookies
