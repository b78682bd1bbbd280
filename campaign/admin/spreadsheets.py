"""Tables that staff open with a spreadsheet, which must see text, never a formula; and tables that they upload."""

import csv
from collections.abc import Iterable, Iterator, Sequence

from django.conf import settings
from django.core.files import File
from django.http import StreamingHttpResponse
from django.utils.module_loading import import_string

PART_BYTES = 1 << 18
SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # how XLSX and ODS begin, and the older XLS
# Some programs read full-width forms as the ASCII characters.
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


class Echo:
    """A file for csv.writer that returns each line."""

    def write(self, text: str) -> str:
        return text


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield a table line by line, so that memory stays flat however long it is."""
    writer = csv.writer(Echo())
    yield writer.writerow(header)
    for row in rows:
        yield writer.writerow([harmless(str(cell)) for cell in row])


class GivenTable:
    """A table that staff give, piece by piece as text: a spreadsheet as CSV, all else as it is.

    Raises ValidationError for a spreadsheet that cannot be read.
    """

    def __init__(self, file: File) -> None:
        self.file = file
        self.content: bytes | None = None
        if next(iter(file.chunks(PART_BYTES)), b"").startswith(SPREADSHEETS):
            file.seek(0)
            self.content = import_string(settings.READ_SPREADSHEET)(file.read())

    @property
    def is_spreadsheet(self) -> bool:
        return self.content is not None

    def pieces(self) -> Iterator[bytes]:
        if self.content is None:
            yield from self.file.chunks(PART_BYTES)
        else:
            yield from (self.content[at : at + PART_BYTES] for at in range(0, len(self.content), PART_BYTES))


def download(lines: Iterable[str | bytes], name: str) -> StreamingHttpResponse:
    """Return the answer that sends a table, line by line or in blocks, as a file of this name."""
    named = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=named)


def harmless(text: str) -> str:
    """Return `text`, with an apostrophe in front if a spreadsheet could take it for a formula.

    >>> harmless("=cmd|' /C calc'!A0"), harmless("O'Brien")
    ("'=cmd|' /C calc'!A0", "O'Brien")
    """
    return f"'{text}" if text.lstrip(" ").startswith(STARTS_FORMULA) else text
