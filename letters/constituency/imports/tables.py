"""Tables that staff upload for a list (CSV, XLSX, ODS): their rows as entries, each with what its columns name."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from campaign.protection.inputs.csv_records import BrokenRecord, Unusable, cells_of
from campaign.protection.inputs.encodings import UTF8
from campaign.protection.inputs.headings import Headings, open_records
from campaign.protection.inputs.typed_text import is_storable, strip_invisible
from campaign.translation import for_staff

LONGEST_CELL = 400
LINE, FAULT = "line", "fault"  # what an entry has beside its columns: the number of its line; why it has no cells

Entry = dict[str, str]


def read_table(pieces: Iterable[bytes], headings: Headings, *, encoding: str = UTF8, most: int) -> list[Entry]:
    """Return the rows in which anything stands. Raises Unusable."""
    headers, delimiter, records = open_records(pieces, encoding)
    columns = headings.columns_of(headers)
    if not any(columns):
        names = ", ".join(headings.once)
        raise Unusable(for_staff("The first line names none of these columns: %(columns)s.") % {"columns": names})
    entries = list[Entry]()
    for number, cells in cells_of(records, delimiter):
        found = {FAULT: str(cells)} if isinstance(cells, BrokenRecord) else dict(named(columns, cells))
        if found:
            entries.append({LINE: str(number), **found})
        if len(entries) > most:
            raise Unusable(for_staff("It has more than %(most)s rows.") % {"most": most})
    return entries


def named(columns: Sequence[str], cells: Sequence[str]) -> Iterator[tuple[str, str]]:
    for column, cell in zip(columns, cells, strict=False):
        if column and (text := as_line(cell)):
            yield column, text


def as_line(cell: str) -> str:
    text = unicodedata.normalize("NFC", cell[:LONGEST_CELL])
    return " ".join(strip_invisible(text).split()) if is_storable(text) else ""
