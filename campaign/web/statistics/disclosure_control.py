"""Public figures of petitions and letters that reveal nobody: small cells are hidden, maps have shades.

A cell of fewer than 10 could point at one person. It is not shown, and cannot be computed by subtraction: what is
missing from a known whole is never one cell alone, nor less than 10
(docs/decisions/0033-small-figures-cannot-be-computed.md).
"""

import csv
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse

SMALLEST_CELL = 10
SHADES = 5
CountLine = tuple[str, str, int | str]  # what is counted, which one, its number; "" for a number that is not shown


@dataclass(frozen=True)
class Row:
    """A count by name; `code` is empty for the rest, which is not shown by name; `count` is None if it is not shown."""

    code: str
    name: str
    count: int | None


@dataclass(frozen=True)
class Day:
    day: date
    count: int | None


def safe[Key](cells: Iterable[tuple[Key, int]], whole: int | None = None) -> dict[Key, int | None]:
    """Return each cell that is not empty, with None for those to hide.

    `whole` is what people know as the sum of the cells; by default it is their sum.

    >>> safe([("FR", 30), ("DE", 12), ("LI", 1)])
    {'FR': 30, 'DE': None, 'LI': None}
    """
    counts = {key: count for key, count in cells if count}
    large = sorted((key for key in counts if counts[key] >= SMALLEST_CELL), key=lambda key: -counts[key])
    missing = (sum(counts.values()) if whole is None else whole) - sum(counts[key] for key in large)
    while large and missing and (len(counts) - len(large) < 2 or missing < SMALLEST_CELL):
        missing += counts[large.pop()]
    return dict.fromkeys(counts) | {key: counts[key] for key in large}


def safe_within[Group, Key](
    cells: Iterable[tuple[Group, Key, int]], wholes: Mapping[Group, int | None]
) -> dict[Key, int | None]:
    """Do what `safe` does for groups of cells with known sums; hide a whole group if its sum is hidden."""
    groups = defaultdict[Group, list[tuple[Key, int]]](list)
    for group, key, count in cells:
        groups[group].append((key, count))
    found: dict[Key, int | None] = {}
    for group, its_cells in groups.items():
        whole = wholes.get(group)
        found |= dict.fromkeys(key for key, _ in its_cells) if whole is None else safe(its_cells, whole)
    return found


def largest_first(rows: Iterable[Row], others: str, whole: int) -> list[Row]:
    """Sort the rows by count, and add up at the end, as `others`, what is not shown."""
    shown = sorted((row for row in rows if row.count is not None), key=lambda row: (-(row.count or 0), row.name))
    rest = whole - sum(row.count or 0 for row in shown)
    return [*shown, Row("", others, rest if rest >= SMALLEST_CELL else None)] if rest else shown


def worth_showing[Shown: (Row, Day)](rows: list[Shown]) -> list[Shown]:
    """Return the rows if one of them says a number of its own, else none."""
    return rows if any(row.count and getattr(row, "code", True) for row in rows) else []


def days(sums: Iterable[tuple[date, int]]) -> list[Day]:
    return [Day(day, count) for day, count in safe(sums).items()]


def shade(count: int, most: int) -> int:
    """Return 0 for a count that is not shown, else 1 to SHADES, on a logarithmic scale from the smallest count shown.

    >>> [shade(count, 100_000) for count in (0, 10, 1_000, 100_000)]
    [0, 1, 3, 5]
    """
    if count < SMALLEST_CELL:
        return 0
    scale = math.log(most / SMALLEST_CELL)
    return 1 + round((SHADES - 1) * math.log(count / SMALLEST_CELL) / scale) if scale else 1


def as_file(name: str, lines: Iterable[CountLine]) -> HttpResponse:
    """Return the lines as the CSV file `name`."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    response = HttpResponse(content_type="text/csv; charset=utf-8", headers=headers)
    writer = csv.writer(response)
    writer.writerow(["what", "which", "count"])
    writer.writerows(lines)
    return response
