"""Requests and answers of HTTP/1.1 as bytes: what is measured is the server, so the client does next to nothing."""

import re
from urllib.parse import urlencode

HEAD_END = b"\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


def get(path: str, host: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()


def post(path: str, host: str, fields: dict[str, str], network: str = "192.0.2.1") -> bytes:
    """As from a browser in `network`, behind a proxy that says so."""
    body = urlencode(fields)
    return (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nSec-Fetch-Site: same-origin\r\n"
        f"X-Forwarded-For: {network}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def status_of(head: bytes) -> int:
    return int(head[9:12])


def body_length(head: bytes) -> int:
    """From the head alone; an answer that does not say is one without a body."""
    found = LENGTH.search(head)
    return int(found[1]) if found else 0
