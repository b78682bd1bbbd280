"""A server that speaks as much of S3 as a bucket of files needs, and keeps it in memory."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

KEY, SECRET, BUCKET = "key-of-the-tests", "secret/of:the tests", "media"
LISTING = """<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
<IsTruncated>false</IsTruncated>{}</ListBucketResult>"""


class S3Server(ThreadingHTTPServer):
    """`objects` by name; requests of the methods in `broken` are answered with 500."""

    daemon_threads, block_on_close = True, False  # clients keep their connections

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.objects: dict[str, bytes] = {}
        self.broken: set[str] = set()

    @property
    def url(self) -> str:
        return f"s3+http://{KEY}:secret%2Fof%3Athe%20tests@127.0.0.1:{self.server_port}/{BUCKET}?region=eu-1"

    def listing(self, prefix: str) -> str:
        """Names that begin with `prefix`, as far as the next slash."""
        found = {re.sub(r"(?<=/).*", "", name[len(prefix) :]) for name in self.objects if name.startswith(prefix)}
        files = [f"<Contents><Key>{escape(prefix + name)}</Key></Contents>" for name in found if "/" not in name]
        folders = [
            f"<CommonPrefixes><Prefix>{escape(prefix + name)}</Prefix></CommonPrefixes>"
            for name in found
            if "/" in name
        ]
        return LISTING.format("".join(files + folders))


class Handler(BaseHTTPRequestHandler):
    server: S3Server
    protocol_version = "HTTP/1.1"

    def handle_request(self) -> None:
        sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        url = urlsplit(self.path)
        name = unquote(url.path).removeprefix(f"/{BUCKET}").removeprefix("/")
        is_known = f"Credential={KEY}/" in self.headers.get("Authorization", "") and "/eu-1/s3/" in str(self.headers)
        is_broken = self.command in self.server.broken
        status, body = (500, b"") if is_broken else (403, b"")
        if is_known and not is_broken:
            status, body = self.answer(name, parse_qs(url.query), sent)
        if status == 200 and (part := re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))):
            status, body = 206, body[int(part[1]) : int(part[2]) + 1]
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Last-Modified", "Wed, 02 Dec 2026 00:00:00 GMT")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_HEAD = do_PUT = do_DELETE = handle_request  # noqa: N815  # as the class in the library calls them

    def answer(self, name: str, query: dict[str, list[str]], sent: bytes) -> tuple[int, bytes]:
        objects = self.server.objects
        if not name:
            return 200, self.server.listing(query.get("prefix", [""])[0]).encode()
        if self.command == "PUT":
            objects[name] = sent
            return 200, b""
        if self.command == "DELETE":
            objects.pop(name, None)
            return 204, b""
        return (200, objects[name]) if name in objects else (404, b"")

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def s3_server() -> Iterator[S3Server]:
    with S3Server() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
