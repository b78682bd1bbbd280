"""A server that behaves as the Senate's system is known to: HTTPS, a key, XML, IDs used once, a rate, and moods.

stub = SenateStub(port, folder)
stub.moods = ["503", "hang up", "201"]     what it does with the next messages; then it behaves
"""

import datetime
import ipaddress
import json
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from lxml import etree

KEY = "the-key"


class SenateStub:
    def __init__(self, port: int, folder: Path) -> None:
        self.port = port
        self.ca_file = folder / "stub.pem"
        self.ca_file.write_bytes(certificate())
        self.offices = ["SNM01", "SNM02"]
        self.moods: list[str] = []
        self.rate = 1000.0
        self.patience = 1  # seconds that it asks for when it is too fast
        self.sleeps = 3.0  # seconds, or until it is stopped
        self.has_stopped = threading.Event()
        self.received: list[tuple[float, str, bytes]] = []  # when, delivery ID, document
        self.lock = threading.Lock()
        self.server = Server(port, self)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.ca_file)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)

    @property
    def settings(self) -> dict[str, Any]:
        """As SENATE_API of the settings."""
        contact = {
            "contact_name": "Robin Operator",
            "contact_email": "robin@example.org",
            "contact_phone": "202-555-0142",
        }
        paths = {"messages_path": "/api/testing-messages/", "offices_path": "/api/active_offices/"}
        limits = {"rate": 1000.0, "office_rate": 1000.0, "closed": ""}
        agent = {"key": KEY, "agent": "Example Coalition Inc.", "ack_email": "ack@example.org", **contact}
        server = {"url": f"https://localhost:{self.port}", "hosts": ["localhost"], "ca_file": str(self.ca_file)}
        return {**server, **paths, **limits, **agent}

    def start(self) -> None:
        threading.Thread(target=self.server.serve_forever, args=[0.05], daemon=True).start()

    def stop(self) -> None:
        self.has_stopped.set()
        self.server.shutdown()
        self.server.server_close()

    @property
    def ids(self) -> list[str]:
        return [delivery_id for _, delivery_id, _ in self.received]

    def documents(self) -> list[etree._Element]:
        return [etree.fromstring(document) for _, _, document in self.received]

    def take(self, document: bytes) -> tuple[str, str]:
        """The status and words for a message."""
        with self.lock:
            mood = self.moods.pop(0) if self.moods else ""
            if mood[:3].isdecimal() and mood[:3] != "201":
                return mood[:3], mood[4:]
            if self.is_too_fast():
                return "429", "slow down"
            delivery_id = etree.fromstring(document).findtext("Delivery/DeliveryId") or ""
            if delivery_id in self.ids:
                return "409", "duplicate DeliveryId"
            self.received.append((time.time(), delivery_id, document))
            return (mood, "") if mood else ("201", "created")

    def is_too_fast(self) -> bool:
        second = time.time() - 1
        return sum(at > second for at, _, _ in self.received) >= self.rate


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, stub: SenateStub) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.stub = stub


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        document = self.rfile.read(int(self.headers["Content-Length"]))
        if not self.has_key():
            return self.answer("401", "unknown key")
        if self.headers["Content-Type"] != "application/xml":
            return self.answer("415", "not XML")
        status, words = self.server.stub.take(document)
        if status == "hang up":
            self.close_connection = True
            return self.connection.close()
        if status == "sleep":
            self.server.stub.has_stopped.wait(self.server.stub.sleeps)
        return self.answer(status if status.isdecimal() else "201", words)

    def do_GET(self) -> None:
        offices = [{"name": code, "office_code": code} for code in self.server.stub.offices]
        self.answer("200" if self.has_key() else "401", json.dumps(offices))

    def has_key(self) -> bool:
        return parse_qs(urlsplit(self.path).query).get("apikey") == [KEY]

    def answer(self, status: str, words: str) -> None:
        body = words.encode()
        self.send_response(int(status))
        self.send_header("Content-Length", str(len(body)))
        if status == "429":
            self.send_header("Retry-After", str(self.server.stub.patience))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        pass


def certificate() -> bytes:
    """Key and certificate for this machine's own name, as one PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    today = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain)
    return private + made.public_bytes(encoding)
