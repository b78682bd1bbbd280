"""CSV that staff open with a spreadsheet, which must see text, never a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse

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
