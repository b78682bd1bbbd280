"""Cut pieces of a CSV file into records, each with the number of its first line, and these into cells.

Memory stays flat. A quotation mark that is never closed would swallow all that follows it. A record that has not ended
after ten lines is therefore taken to be its first line alone, and reading goes on with the second.
"""

import csv
import io
from collections import deque
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import batched, islice

LONGEST_LINE = 1_000_000
LONGEST_RECORD = 10  # lines
DELIMITERS = ",;\t"

CsvRecord = tuple[int, bytes]  # the number of its first line, counted from 1, and the text


class BrokenRecord(StrEnum):
    """Why a record has no cells."""

    NOT_UTF8 = "not-utf8"
    QUOTES = "quotes"  # one is not closed


class Unusable(Exception):
    """This file cannot be read as a table of rows; the message says why."""


def lines_of(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield lines with their ends. Raises Unusable for one longer than LONGEST_LINE, as in a file without line ends."""
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).splitlines(keepends=True) or [b""]
        if rest.endswith(b"\n"):
            whole, rest = [*whole, rest], b""
        yield from whole
        if len(rest) > LONGEST_LINE:
            raise Unusable("a line is longer than a million bytes")
    if rest:
        yield rest


def records_of(lines: Iterable[bytes]) -> Iterator[CsvRecord]:
    """Yield the records of the whole file, the first line included, and skip empty lines."""
    source, ahead = enumerate(lines, start=1), deque[CsvRecord]()
    while line := ahead.popleft() if ahead else next(source, None):
        number, text = line
        if text.count(b'"') % 2:
            ahead.extend(islice(source, LONGEST_RECORD - 1 - len(ahead)))
            text += take_quotation(ahead)
        if text.strip():
            yield (number, text)


def take_quotation(ahead: deque[CsvRecord]) -> bytes:
    """Take lines from those ahead up to the one that closes the quotation; return none if it is not closed there."""
    for index, (_, line) in enumerate(ahead):
        if line.count(b'"') % 2:
            return b"".join(ahead.popleft()[1] for _ in range(index + 1))
    return b""


def header_of(first_line: bytes) -> tuple[str, list[str]]:
    """Return the delimiter that the first line uses, and the names of the columns in lower case. Raises Unusable."""
    try:
        text = first_line.removeprefix(b"\xef\xbb\xbf").decode()
    except UnicodeDecodeError:
        raise Unusable("the first line is not text in UTF-8; save the table as “CSV UTF-8”") from None
    delimiter = max(DELIMITERS, key=text.count)
    try:
        return delimiter, [cell.strip().lower() for cell in next(csv.reader([text], delimiter=delimiter))]
    except csv.Error:
        raise Unusable("the first line names no columns: it is too long, or has no end") from None


Cells = tuple[int, list[str] | BrokenRecord]  # with their line number


def cells_of(records: Iterable[CsvRecord], delimiter: str) -> Iterator[Cells]:
    """Yield the cells of all records. Records are parsed in small groups; if one of a group is broken, one by one."""
    for some in batched(records, 50):
        try:
            lines = [line.decode() for _, line in some]
            cells = list(csv.reader(lines, delimiter=delimiter, strict=True))
        except (UnicodeDecodeError, csv.Error):
            cells = []
        if len(cells) == len(some):
            yield from ((number, row) for (number, _), row in zip(some, cells, strict=True))
        else:
            for record in some:
                yield from cells_of_one(record, delimiter)


def cells_of_one(record: CsvRecord, delimiter: str) -> Iterator[Cells]:
    """Yield the cells of a record, or of its rows if what looked like quotation marks around a line end were none."""
    number, line = record
    try:
        lines = io.StringIO(line.decode(), newline="")  # line ends as csv knows them; str.splitlines knows many more
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        for cells in reader:
            yield number, cells
            number = record[0] + reader.line_num
    except UnicodeDecodeError:
        yield number, BrokenRecord.NOT_UTF8
    except csv.Error:
        yield number, BrokenRecord.QUOTES
