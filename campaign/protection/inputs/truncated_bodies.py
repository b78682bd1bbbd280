"""Answer 400 to a form whose connection ended before all of it arrived.

Servers pass on what there is and do not tell that the rest is missing: half an address would sign, half a file would be
imported.
"""

from typing import Any, BinaryIO

from django.core.exceptions import BadRequest


class WholeBody:
    """The body of a request, of `length` bytes: reading on after a premature end raises BadRequest."""

    def __init__(self, body: BinaryIO, length: int) -> None:
        self.body = body
        self.missing = length

    def read(self, size: int) -> bytes:
        return self.counted(self.body.read(size), size)

    def readline(self, size: int) -> bytes:
        return self.counted(self.body.readline(size), 1)

    def counted(self, part: bytes, wanted: int) -> bytes:
        self.missing -= len(part)
        if len(part) < wanted and self.missing > 0:
            raise BadRequest("the form ended before all of it had come")
        return part


def await_whole(environ: dict[str, Any]) -> None:
    """Guard the body that this WSGI request announces."""
    length = environ.get("CONTENT_LENGTH", "")
    if length.isdecimal():
        environ["wsgi.input"] = WholeBody(environ["wsgi.input"], int(length))
