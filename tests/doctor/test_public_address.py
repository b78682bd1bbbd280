"""The doctor before a web server that is not set up as it should be (backoffice/doctor/proxy.py)."""

import datetime
import ssl
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from backoffice.doctor import Asked, Level, proxy
from standalone.ports import unused_port
from tests.live.certificates import certificate


class Answer(BaseHTTPRequestHandler):
    server: "WebServer"

    def do_GET(self) -> None:  # its name
        status, headers = self.server.answers.get(self.path, (200, {}))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002  # its name
        """It says nothing."""


class WebServer(ThreadingHTTPServer):
    answers: dict[str, tuple[int, dict[str, str]]]


@pytest.fixture
def web(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, days: int = 90) -> Iterator[WebServer]:
    """A server over https, whose certificate is good for three months."""
    certificate(tmp_path, lasts=datetime.timedelta(days=days))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "fullchain.pem"))
    server = WebServer(("127.0.0.1", 0), Answer)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "fullchain.pem", tmp_path / "privkey.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.answers = {
        "/healthz": (200, {"Strict-Transport-Security": "max-age=1"}),
        "/metrics": (404, {}),
    }
    settings.SITE_URL, settings.TRUSTED_PROXIES = f"https://localhost:{server.server_address[1]}", ["127.0.0.1"]
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def said(level: Level) -> str:
    return " | ".join(finding.words for finding in proxy.check(Asked()) if finding.level is level)


def test_one_that_is_as_it_should_be(web: WebServer) -> None:
    assert (said(Level.BAD), said(Level.LOOK)) == ("", "")
    assert "its certificate is good until" in said(Level.GOOD)


def test_each_fault_is_named(web: WebServer, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proxy, "ENDING_SOON", datetime.timedelta(days=100))
    web.answers |= {"/healthz": (200, {}), "/metrics": (200, {})}
    assert "its certificate ends on" in said(Level.BAD)
    assert "does not know that it is asked by https" in said(Level.BAD)
    assert "/metrics is open" in said(Level.BAD)
    settings.TRUSTED_PROXIES = []
    assert "/metrics answers" in said(Level.LOOK)
    web.answers["/healthz"] = (502, {})
    assert "answers 502" in said(Level.BAD)


def test_one_that_is_away_or_has_another_certificate(
    web: WebServer, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    assert "certificate verify failed" in said(Level.BAD)
    settings.SITE_URL = f"https://localhost:{unused_port()}"
    assert "does not answer" in said(Level.BAD)


def test_a_way_by_http_leads_to_https(web: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = WebServer(("127.0.0.1", 0), Answer)
    Thread(target=plain.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    monkeypatch.setattr(proxy, "HTTPS_PORT", web.server_address[1])
    fetched, to_https = proxy.fetch, {"/": (301, {"Location": "https://localhost/"})}

    def by_its_own_port(url: Any, path: str) -> Any:
        is_plain = url.scheme == "http"
        return fetched(url._replace(netloc=f"localhost:{plain.server_address[1]}") if is_plain else url, path)

    monkeypatch.setattr(proxy, "fetch", by_its_own_port)
    plain.answers = to_https
    assert "does not lead to https" not in said(Level.BAD)
    plain.answers = {"/": (200, {})}
    assert "does not lead to https" in said(Level.BAD)
    plain.shutdown()
    plain.server_close()
    assert "its http address does not answer" in said(Level.LOOK)
