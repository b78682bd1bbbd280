"""Numbers about the site, for Prometheus and whatever speaks like it: /metrics.

`METRICS` in the settings names functions that yield metrics when they are asked for. Each takes a few lookups that
cost the same however much waits: what could be many is counted up to `MOST`.
"""

import os
from collections.abc import Iterator
from ipaddress import ip_address

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

MISSING = b"# TYPE site_numbers_missing gauge\nsite_numbers_missing 1.0\n"  # while the database is away
MOST = 10_000  # rows of a kind; this number means as many or more
SHARED = "PROMETHEUS_MULTIPROC_DIR"  # the library's own name for the folder of numbers that processes share


class OfTheSite(Collector):
    def collect(self) -> Iterator[Metric]:
        for path in settings.METRICS:
            yield from import_string(path)()


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Return Prometheus' text, for the machine itself and private networks only."""
    address = ip_address(request.META.get("REMOTE_ADDR") or "127.0.0.1")
    if not address.is_private or "HTTP_X_FORWARDED_FOR" in request.META:
        raise Http404
    return HttpResponse(generate_latest(of_processes()) + of_site(), content_type=CONTENT_TYPE_LATEST)


def of_site() -> bytes:
    """Return the numbers that the database knows; while it is away, that they are missing."""
    registry = CollectorRegistry()
    try:
        registry.register(OfTheSite())
        return generate_latest(registry)
    except DatabaseError:
        return MISSING


def of_processes() -> CollectorRegistry:
    if SHARED not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # registers itself
    return registry
