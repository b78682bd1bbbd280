"""Cut pieces of a CSV file into records, each with the number of its first line, and these into cells.

Memory stays flat. A quotation mark that is never closed would swallow all that follows it. A record that has not ended
after ten lines is therefore taken to be its first line alone, and reading goes on with the second.
"""

import csv
import io
import re
from collections import deque
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import batched, islice

LONGEST_LINE = 1_000_000
LONGEST_RECORD = 10  # lines
DELIMITERS = ",;\t|"
# A first line that names the delimiter, for one program.
SPREADSHEETS_OWN = re.compile(r'"?sep=([,;\t|])"?\s*', re.IGNORECASE)

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


def head_of(records: Iterator[CsvRecord], delimiter: str = "") -> tuple[str, list[str]]:
    """Take the records up to the first with anything in a cell; return the delimiter and these cells, trimmed.

    Without a delimiter, it is the one that the record seems to use. Raises Unusable.
    """
    for _number, record in records:
        try:
            text = record.decode().removeprefix("\ufeff")
        except UnicodeDecodeError:
            raise Unusable("the first line is not text in UTF-8; save the table as “CSV UTF-8”") from None
        if named := SPREADSHEETS_OWN.fullmatch(text):
            delimiter = delimiter or named[1]
            continue
        used = delimiter or likely_delimiter(text)
        try:
            cells = [cell.strip() for cell in next(csv.reader([text], delimiter=used))]
        except csv.Error:
            raise Unusable("the first line names no columns: it is too long, or has no end") from None
        if any(cells):
            return used, cells
    raise Unusable("the file is empty")


def likely_delimiter(head: str) -> str:
    """Return the delimiter that stands most often outside of quotation marks.

    >>> likely_delimiter('"Name, Vorname";Ort')
    ';'
    """
    return max(DELIMITERS, key="".join(head.split('"')[::2]).count)


def header_of(first_line: bytes) -> tuple[str, list[str]]:
    """Return the delimiter that the first line uses, and the names of the columns in lower case. Raises Unusable."""
    delimiter, cells = head_of(iter([(1, first_line)]))
    return delimiter, [cell.lower() for cell in cells]


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
    """Yield the cells of a record, or of its rows if what looked like quotation marks around a line end were none.

    Where two lines each open a quotation that is not closed, both are broken, and the lines between them are rows.
    """
    number, line = record
    try:
        yield from list(rows_of_one(number, line.decode(errors="surrogateescape"), delimiter))
    except csv.Error:
        _first, *others = line.splitlines(keepends=True)
        yield number, BrokenRecord.QUOTES
        for later, text in enumerate(others, start=number + 1):
            if b'"' in text:
                yield later, BrokenRecord.QUOTES
            elif text.strip():
                yield from rows_of_one(later, text.decode(errors="surrogateescape"), delimiter)


def rows_of_one(number: int, text: str, delimiter: str) -> Iterator[Cells]:
    """Yield rows of a text, in which halves of surrogate pairs stand for bytes that are none. Raises csv.Error."""
    first = number
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)  # line ends as csv knows them
    for cells in reader:
        is_text = not any("\udc80" <= character <= "\udcff" for cell in cells for character in cell)
        yield number, cells if is_text else BrokenRecord.NOT_UTF8
        number = first + reader.line_num
