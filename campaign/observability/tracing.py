"""Tell a collector of OpenTelemetry how long answers and work take, if `OTLP_ENDPOINT` names one.

A span holds names from the code, numbers, and the id of the request, which is also in the logs and which links work to
the request that put it. No address, path, query, statement, person or word of a fault goes along.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, MiddlewareNotUsed
from django.db import connection
from django.http import HttpRequest, HttpResponse

from campaign.observability import request_ids

SERVICE = "campaign-site"


class Queries:
    """Counts what is asked of the database meanwhile, as Django calls it around each statement."""

    def __init__(self) -> None:
        self.number, self.seconds = 0, 0.0

    def __call__(self, execute: Callable[..., Any], *statement: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(*statement)
        finally:
            self.number += 1
            self.seconds += time.perf_counter() - began


def begin(endpoint: str) -> None:
    """Send spans from now on, in the background and again if the collector is away for a moment; or do nothing.

    Raises ImproperlyConfigured where the packages are not installed that this needs.
    """
    if not endpoint:
        return
    try:
        from opentelemetry import trace  # noqa: PLC0415  # many modules, which few sites need
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ModuleNotFoundError:
        raise ImproperlyConfigured("OTLP_ENDPOINT needs the packages of requirements-extras.lock") from None
    provider = TracerProvider(resource=Resource({"service.name": SERVICE}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")))
    trace.set_tracer_provider(provider)


@contextmanager
def span(name: str, **numbers: int) -> Iterator[Any]:
    """Yield the span that this takes, or None where nobody is told."""
    if not settings.OTLP_ENDPOINT:
        yield None
        return
    from opentelemetry import trace  # noqa: PLC0415  # as above

    tracer, queries = trace.get_tracer(SERVICE), Queries()
    with (
        tracer.start_as_current_span(name, record_exception=False, set_status_on_exception=False) as told,
        connection.execute_wrapper(queries),
    ):
        try:
            yield told
        finally:
            told.set_attributes({f"campaign.{key}": number for key, number in numbers.items()})
            told.set_attribute("campaign.request", request_ids.current())
            told.set_attribute("campaign.queries", queries.number)
            told.set_attribute("campaign.database_seconds", round(queries.seconds, 6))


class TraceMiddleware:
    """Stands below the pages that are shown again, which take no time that anybody would look for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.OTLP_ENDPOINT:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with span("no page") as told:
            response = self.get_response(request)
            if request.resolver_match:
                told.update_name(request.resolver_match.view_name)
            told.set_attribute("http.response.status_code", response.status_code)
            return response
