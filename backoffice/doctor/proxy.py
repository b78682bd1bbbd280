"""The public address: does it lead here, by https, past a proxy that says who asks?"""

import http.client
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from backoffice.doctor.findings import Asked, Finding, bad, good, look
from campaign.database import clock

ANSWER_WITHIN = 10.0  # seconds
ENDING_SOON = timedelta(days=14)
HTTPS_PORT = 443


def check(asked: Asked) -> Iterator[Finding]:
    url = urlsplit(settings.SITE_URL)
    if asked.is_offline:
        yield look(f"not looked at: {settings.SITE_URL}", "Run it without --offline.")
        return
    try:
        response, certificate = fetch(url, "/healthz")
    except (OSError, http.client.HTTPException) as error:
        yield bad(
            f"{settings.SITE_URL} does not answer: {error}", "Look at names, proxy, certificate and web processes."
        )
        return
    if response.status != http.HTTPStatus.OK:
        yield bad(f"{settings.SITE_URL}/healthz answers {response.status}", "Does the proxy lead to this site?")
        return
    yield good(f"{settings.SITE_URL} answers")
    yield from validity(certificate)
    if url.scheme == "https":
        yield from knows_https(response)
        yield from leads_to_https(url)
    yield from says_who_asks(url)


def fetch(url: SplitResult, path: str) -> tuple[http.client.HTTPResponse, dict[str, object]]:
    """Return the answer and the certificate. Raises OSError, HTTPException."""
    kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    connection = kind(url.hostname or "", url.port, timeout=ANSWER_WITHIN)
    try:
        connection.request("GET", path)
        socket = connection.sock
        certificate = socket.getpeercert() if isinstance(socket, ssl.SSLSocket) else None
        response = connection.getresponse()
        response.read(1 << 16)
        return response, dict(certificate or {})
    finally:
        connection.close()


def validity(certificate: dict[str, object]) -> Iterator[Finding]:
    if not certificate:
        return
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
    if ends < clock.now() + ENDING_SOON:
        yield bad(f"its certificate ends on {ends:%Y-%m-%d}", "Renew it, and see why that did not happen by itself.")
    else:
        yield good(f"its certificate is good until {ends:%Y-%m-%d}")


def knows_https(response: http.client.HTTPResponse) -> Iterator[Finding]:
    """The site sends this header only where it knows that it was asked by https."""
    if not response.getheader("Strict-Transport-Security"):
        yield bad(
            "the site does not know that it is asked by https",
            "The proxy must set X-Forwarded-Proto, and its network stand in TRUSTED_PROXIES.",
        )


def leads_to_https(url: SplitResult) -> Iterator[Finding]:
    if url.port not in {None, HTTPS_PORT}:
        return
    try:
        response, _ = fetch(url._replace(scheme="http", netloc=url.hostname or ""), "/")
    except (OSError, http.client.HTTPException):
        yield look("its http address does not answer", "Have the proxy lead from http to https.")
        return
    if not str(response.getheader("Location")).startswith("https://"):
        yield bad("its http address does not lead to https", "Have the proxy lead there.")


def says_who_asks(url: SplitResult) -> Iterator[Finding]:
    """Figures are shown to the machine itself and to nobody whom a proxy speaks for."""
    try:
        response, _ = fetch(url, "/metrics")
    except (OSError, http.client.HTTPException):
        return
    if response.status == http.HTTPStatus.OK and settings.TRUSTED_PROXIES:
        yield bad("the proxy does not say who asks: /metrics is open", "Have it set X-Forwarded-For for every request.")
    elif response.status == http.HTTPStatus.OK:
        yield look("/metrics answers at this address", "Right without a proxy, for this machine and its network alone.")
