"""Figures for the public, from tallies only. A cell of fewer than 10 people is not shown: it could point at one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from campaign import countries
from petitions.models import Petition, Tally

SMALLEST_CELL = 10


@dataclass(frozen=True)
class Row:
    name: str
    count: int | None  # None: fewer than SMALLEST_CELL


@dataclass(frozen=True)
class Day:
    day: date
    count: int | None


def shown(count: int) -> int | None:
    return count if count >= SMALLEST_CELL else None


def by_country(petition: Petition) -> list[Row]:
    """Largest first; at most as many rows as there are countries."""
    sums: Iterable[tuple[str, int]] = Tally.objects.sums_by("country", petition)
    rows = [Row(countries.name_of(code), shown(count)) for code, count in sums if count]
    return sorted(rows, key=lambda row: (-(row.count or 0), row.name))


def by_day(petition: Petition) -> list[Day]:
    """In order of time; one row a day on which somebody confirmed."""
    return [Day(day, shown(count)) for day, count in Tally.objects.sums_by("day", petition) if count]
