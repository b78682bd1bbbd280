"""Count each answer by view, method and status, and how long it took, in Prometheus' own client library.

The processes of one web server share their numbers by files in a folder that `campaign/serve.py` makes; without that
folder, as in tests, each process has its own. No address, path or query is a label: only names from the code.
"""

import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Histogram

OTHER = "other"
METHODS = {"GET", "HEAD", "POST"}
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

ANSWERS = Counter("web_answers", "Answers of the web processes", ["view", "method", "status"])
DURATION = Histogram("web_answer_seconds", "Seconds until an answer was ready", ["view"], buckets=SECONDS)


class CountAnswersMiddleware:
    """Stands outside of all others, so that pages which are shown again are counted as well, under the view `kept`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        view = view_of(request, response)
        method = request.method if request.method in METHODS else OTHER
        DURATION.labels(view).observe(time.perf_counter() - began)
        ANSWERS.labels(view, method, str(response.status_code)).inc()
        return response


def view_of(request: HttpRequest, response: HttpResponse) -> str:
    """Return the name of the view in the code; else `static`, `kept` for a page shown again, `none` for no address."""
    if request.resolver_match:
        return request.resolver_match.view_name
    if request.path_info.startswith(settings.STATIC_URL):
        return "static"
    return "kept" if response.status_code in {200, 304} else "none"
