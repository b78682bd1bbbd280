"""What the public figures of petitions and of letters share: rows, the rule of small cells, the file of them.

A cell of fewer than 10 people could point at one of them: such cells are added up without their names.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse

SMALLEST_CELL = 10
Line = tuple[str, str, int | str]  # what, which, how many; an empty number is one that is not shown


@dataclass(frozen=True)
class Row:
    """`code` is empty for all small ones together; `count` is None if even they are fewer than SMALLEST_CELL."""

    code: str
    name: str
    count: int | None


@dataclass(frozen=True)
class Day:
    day: date
    count: int | None


def shown(count: int) -> int | None:
    return count if count >= SMALLEST_CELL else None


def largest_first(counts: Iterable[tuple[str, str, int]], others: str) -> list[Row]:
    """Of code, name and count; the small ones together at the end, called `others`."""
    known = sorted(counts, key=lambda cell: (-cell[2], cell[1]))
    large = [Row(*cell) for cell in known if cell[2] >= SMALLEST_CELL]
    small = sum(count for _, _, count in known if count < SMALLEST_CELL)
    return [*large, Row("", others, shown(small))] if small else large


def as_file(name: str, lines: Iterable[Line]) -> HttpResponse:
    """The CSV file `name`."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    response = HttpResponse(content_type="text/csv; charset=utf-8", headers=headers)
    writer = csv.writer(response)
    writer.writerow(["what", "which", "count"])
    writer.writerows(lines)
    return response
