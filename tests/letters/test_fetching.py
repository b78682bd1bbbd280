"""The list of senators is fetched over https alone, within limits."""

import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from letters.constituency.congress import senators

ANSWERS = {
    "/list": (200, {}, b"[] # \xc3\xa9"),
    "/moved": (302, {"Location": "/list"}, b""),
    "/plain": (302, {"Location": "http://localhost/list"}, b""),
    "/file": (302, {"Location": "file:///etc/hostname"}, b""),
    "/drops": (200, {}, b""),
    "/large": (200, {}, b"x" * (senators.LARGEST_LIST + 1)),
    "/no-text": (200, {}, b"\xff\xfe"),
}


DROPS, BETWEEN_DROPS = 200, 0.05  # none of them late, all of them too late


class Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, headers, body = ANSWERS.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        for piece in [b"x"] * DROPS if self.path == "/drops" else [body]:
            self.wfile.write(piece)
            time.sleep(BETWEEN_DROPS if piece == b"x" else 0)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
        pass


def certificate(folder: Path) -> Path:
    """Make a key and a certificate of this machine for itself, in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(1), now + timedelta(1))
    named = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    signed = named.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / "certificate.pem"
    file.write_bytes(key.private_bytes(serialization.Encoding.PEM, *plain) + signed)
    return file


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def address(pem: Path) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"https://localhost:{server.server_address[1]}"
        server.shutdown()


@pytest.mark.parametrize("path", ["/list", "/moved"])
def test_a_list_is_fetched(address, pem, monkeypatch, path):
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    assert senators.fetch(address + path) == "[] # é"


@pytest.mark.parametrize(
    ("path", "why"),
    [("/plain", "without https"), ("/large", "too large"), ("/no-text", "UnicodeDecode")],
)
def test_what_is_no_list_or_leads_elsewhere_is_refused(address, pem, monkeypatch, path, why):
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    with pytest.raises(senators.NotAList, match=why):
        senators.fetch(address + path)


def test_a_list_that_comes_drop_by_drop_is_given_up(address, pem, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    monkeypatch.setattr(senators, "FETCHED_WITHIN", 2)
    with pytest.raises(senators.NotAList, match="too slow"):
        senators.fetch(f"{address}/drops")


def test_a_server_that_nobody_vouches_for_and_one_that_has_no_list_are_errors(address, pem, monkeypatch):
    with pytest.raises(OSError, match="certificate"):
        senators.fetch(f"{address}/list")
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    with pytest.raises(OSError, match="404"):
        senators.fetch(f"{address}/nothing")
    with pytest.raises(OSError, match="not allowed"):
        senators.fetch(f"{address}/file")
