"""The first line of a table: which column is which, by the names that offices give to it in many languages."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from campaign.protection.inputs.csv_records import CsvRecord, Unusable, head_of, lines_of, records_of
from campaign.protection.inputs.encodings import UTF8, as_utf8
from campaign.protection.inputs.typed_text import without_accents

MOST_COLUMNS = 100


class Opened(NamedTuple):
    """A table whose first line has been read."""

    headers: list[str]
    delimiter: str
    records: Iterator[CsvRecord]  # those after the first line


def open_records(pieces: Iterable[bytes], encoding: str = UTF8, delimiter: str = "") -> Opened:
    """Read the first line of a table that is CSV. Raises Unusable."""
    records = records_of(lines_of(as_utf8(pieces, encoding)))
    delimiter, headers = head_of(records, delimiter)
    while headers and not headers[-1]:
        headers.pop()
    if len(headers) > MOST_COLUMNS:
        raise Unusable(f"the first line names more than {MOST_COLUMNS} columns")
    return Opened(headers, delimiter, records)


class Headings:
    """The names of columns: for each language, what each column is called, with commas between.

    A column in `once` can stand in a table only once; of the others, several can stand for one: first and last name.
    """

    def __init__(self, names: Mapping[str, Mapping[str, str]], *, once: Collection[str]) -> None:
        self.names = names
        self.once = once

    @cached_property
    def known(self) -> dict[str, str]:
        named = ((column, names) for table in self.names.values() for column, names in table.items())
        return {bare(name) or name: column for column, names in named for name in names.split(", ")}

    def column_of(self, header: str) -> str:
        """Return the column that a header names, in one language or in several; empty if none."""
        if column := self.known.get(bare(header) or header.strip()):
            return column
        named = {self.known.get(bare(part), "") for part in re.split(r"[/|(),;\n*]", header) if bare(part)}
        return named.pop() if len(named) == 1 else ""

    def columns_of(self, headers: Sequence[str]) -> tuple[str, ...]:
        """Return what each header of a table names; of those that can stand there only once, the first."""
        columns = list[str]()
        for header in headers:
            column = self.column_of(header)
            columns.append("" if column in self.once and column in columns else column)
        return tuple(columns)


def bare(header: str) -> str:
    """Return letters and digits alone, without case, width and accents."""
    return re.sub(r"[\W_]", "", without_accents(unicodedata.normalize("NFKC", header)))
