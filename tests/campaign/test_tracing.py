"""What is logged can be followed from a request to its work; faults are told elsewhere, without people."""

import gzip
import json
import logging
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import Message
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import urlsplit

import brotli
import pytest
from django.conf import settings
from django.test import Client
from opentelemetry import trace
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from campaign.observability import logs, request_ids, tracing
from campaign.outbox import claims, execution, queue
from campaign.outbox.models import Item
from tests.petitions.factories import make_petition
from tests.petitions.test_signing import FORM

MINUTE = timedelta(minutes=1)
UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}
FAILS = """
import logging
from campaign.observability import sentry
sentry.begin({dsn!r})
def sign(name, address):
    raise ValueError(f"cannot sign for {{address}} at /petitions/confirm/secret-token/?q=1\\nDETAIL: (name)=({{name}})")
try:
    sign("Ana Secret", "ana@example.org")
except ValueError:
    logging.getLogger("campaign").exception("signing for %s failed", "ana@example.org")
import http.client, sentry_sdk
sentry_sdk.flush(10)
elsewhere = http.client.HTTPConnection("127.0.0.1", {port})
elsewhere.request("POST", "/", body=b"", headers={{"X-Elsewhere": "1"}})
elsewhere.getresponse()
"""


@pytest.fixture
def written(caplog) -> Iterator[list[str]]:
    """Lines of JSON, as a process would write them."""
    lines: list[str] = []
    config = logs.config(logs.JSON)
    handler = logging.Handler()
    handler.setFormatter(logs.JsonFormatter())
    handler.addFilter(logs.Scrub())
    handler.addFilter(logs.NameRequest())
    handler.emit = lambda record: lines.append(handler.format(record))  # type: ignore[method-assign]
    assert config["handlers"]["console"]["formatter"] == logs.JSON
    logger = logging.getLogger("campaign")
    logger.addHandler(handler)
    yield lines
    logger.removeHandler(handler)


def test_a_line_of_json_holds_what_happened_and_no_address(written):
    with request_ids.named(["abc"]):
        try:
            raise ValueError("no such person: ana@example.org")
        except ValueError:
            logging.getLogger("campaign.test").exception("mail to %s failed", "ana@example.org")
    (line,) = map(json.loads, written)
    assert (line["level"], line["logger"], line["message"]) == ("ERROR", "campaign.test", "mail to [address] failed")
    assert line["request"] == "abc"
    assert "ValueError: no such person: [address]" in line["error"]
    assert "ana@" not in json.dumps(line)


def test_outside_of_a_request_no_id_is_named(written):
    logging.getLogger("campaign.test").warning("x")
    assert "request" not in json.loads(written[0])


@pytest.mark.django_db
def test_work_remembers_the_request_that_put_it(client):
    make_petition()
    client.post("/petitions/stop/", FORM)
    item = Item.objects.get(kind="petitions.confirmation")
    assert len(item.request_id) == request_ids.LENGTH
    assert queue.put("petitions.reminder", payload={}).request_id == ""


@pytest.mark.django_db
def test_a_worker_logs_under_the_ids_of_what_it_does(written):
    with request_ids.named(["0123456789ab"]):
        queue.put("petitions.milestone", payload={"nothing": "that it expects"}, secret={})
    pairs = [(pk, token) for pk, token, _ in claims.claim("petitions.milestone", limit=1, lease=MINUTE)]
    execution.execute("petitions.milestone", pairs)
    assert [json.loads(line)["request"] for line in written] == ["0123456789ab"]


@contextmanager
def collector() -> Iterator[tuple[str, list[tuple[Message, bytes]]]]:
    """The address of a server that takes whatever is posted, and what came: headers and body."""
    received: list[tuple[Message, bytes]] = []

    class Sink(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append((self.headers, UNPACK[self.headers["Content-Encoding"]](body)))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Sink) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", received
        server.shutdown()


@pytest.mark.django_db
def test_a_collector_is_told_how_long_a_signing_and_its_mail_take_and_nothing_of_the_person(settings):
    with collector() as (address, received):
        settings.OTLP_ENDPOINT = address
        tracing.begin(address)
        make_petition()
        Client().post("/petitions/stop/?from=elsewhere", FORM)
        pairs = [(pk, token) for pk, token, _ in claims.claim("petitions.confirmation", limit=1, lease=MINUTE)]
        execution.execute("petitions.confirmation", pairs)
        trace.get_tracer_provider().force_flush()  # type: ignore[attr-defined]
    body = b"".join(body for _headers, body in received)
    request = ExportTraceServiceRequest.FromString(body)
    spans = {
        span.name: {pair.key: pair.value for pair in span.attributes}
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    }
    asked, worked = spans["petitions:petition"], spans["petitions.confirmation"]
    assert asked["http.response.status_code"].int_value == 302
    assert asked["campaign.queries"].int_value > 0
    assert asked["campaign.database_seconds"].double_value > 0
    assert worked["campaign.items"].int_value == 1
    assert worked["campaign.request"] == asked["campaign.request"]
    for secret in (FORM["email"], FORM["name"], "stop", "elsewhere", "INSERT", socket.gethostname()):
        assert secret.encode() not in body


def test_a_fault_is_told_elsewhere_without_addresses_tokens_and_variables():
    with collector() as (address, received):
        port = urlsplit(address).port
        program = FAILS.format(dsn=f"http://key@127.0.0.1:{port}/1", port=port)
        subprocess.run([sys.executable, "-c", program], check=True, cwd=settings.ROOT, timeout=60)
    elsewhere = [headers for headers, _body in received if headers["X-Elsewhere"]]
    assert [(headers["sentry-trace"], headers["baggage"]) for headers in elsewhere] == [(None, None)]
    told = b"".join(body for _headers, body in received).decode()
    assert "cannot sign for [address] at /petitions/confirm/[token]/?[...]" in told
    assert "ValueError" in told
    for secret in ("ana@", "Ana Secret", "secret-token"):
        assert secret not in told.replace('sign("Ana Secret", "ana@example.org")', "")
