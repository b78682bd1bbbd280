"""Where signatures came from lately, for moderators: by hour, country and mail domain, for two days.

A signature does not say its mail domain, and a domain of one's own names its owner. So a cell knows its domain by a
keyed hash, and by name only once NAMED_FROM people signed from it, or if a great part of all people use it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import connection
from django.db.models.functions import Now

from campaign.protection import domain_rules
from campaign.secrecy.addresses import keyed_hash
from petitions.models import Petition, Trend

KEPT_FOR = timedelta(hours=48)
NAMED_FROM = 10
COUNTRIES_SHOWN = 8
DOMAINS = 50

# In the order of the keys, so that two workers cannot wait for each other.
ADD_TO_TRENDS = """
    WITH cells AS (
        SELECT * FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[], %s::bytea[], %s::text[], %s::int[], %s::int[])
            AS c (petition, hour, country, key, domain, count, held)
    )
    INSERT INTO petitions_trend AS t (petition_id, hour, country, domain_key, domain, count, held)
    SELECT petition, hour, country, key, CASE WHEN count >= %s OR domain = ANY(%s) THEN domain ELSE '' END, count, held
    FROM cells ORDER BY petition, hour, country, key
    ON CONFLICT (petition_id, hour, country, domain_key) DO UPDATE SET
        count = t.count + excluded.count, held = t.held + excluded.held,
        domain = CASE WHEN t.count + excluded.count >= %s
            THEN (SELECT domain FROM cells WHERE key = t.domain_key LIMIT 1) ELSE t.domain END
"""


@dataclass(frozen=True)
class Signed:
    """One who signed, as the trends see them."""

    petition_id: int
    at: datetime
    country: str
    domain: str
    is_held: bool

    @property
    def cell(self) -> tuple[int, datetime, str, bytes, str]:
        hour = self.at.replace(minute=0, second=0, microsecond=0)
        return self.petition_id, hour, self.country, self.domain_key, self.domain

    @property
    def domain_key(self) -> bytes:
        return keyed_hash(f"{self.petition_id} {self.domain}", "trend")


def add_to_trends(signed: Iterable[Signed]) -> None:
    """One statement, in a table that costs no wait for the disk."""
    counts, held = Counter[Any](), Counter[Any]()
    for one in signed:
        counts[one.cell] += 1
        held[one.cell] += one.is_held
    if counts:
        columns = [list(column) for column in zip(*((*cell, counts[cell], held[cell]) for cell in counts), strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(ADD_TO_TRENDS, [*columns, NAMED_FROM, list(domain_rules.COMMON), NAMED_FROM])


def delete_old_trends() -> int:
    """Delete what is older than KEPT; the number of rows."""
    return Trend.objects.filter(hour__lt=Now() - KEPT_FOR).delete()[0]


@dataclass(frozen=True)
class TrendHour:
    hour: datetime
    counts: list[int]  # one for each of Hours.countries
    rest: int
    total: int
    held: int


@dataclass(frozen=True)
class Hours:
    countries: list[str]  # codes, those with most first
    rows: list[TrendHour]  # newest first


class Cell(NamedTuple):
    hour: datetime
    country: str
    signed: int
    held: int


def trend_by_hour(petition: Petition) -> Hours:
    cells = [Cell(*cell) for cell in Trend.objects.filter(petition=petition).by_hour()]
    sums = Counter[str]()
    for cell in cells:
        sums[cell.country] += cell.signed
    countries = [code for code, _ in sums.most_common(COUNTRIES_SHOWN)]
    by_time = groupby(cells, key=attrgetter("hour"))
    return Hours(countries, [row(hour, list(its_cells), countries) for hour, its_cells in by_time])


def row(hour: datetime, cells: Sequence[Cell], countries: Sequence[str]) -> TrendHour:
    signed = Counter({cell.country: cell.signed for cell in cells})
    counts = [signed[code] for code in countries]
    total = signed.total()
    return TrendHour(hour, counts, total - sum(counts), total, sum(cell.held for cell in cells))


@dataclass(frozen=True)
class Domain:
    name: str  # empty unless NAMED_FROM signed from it in one hour from one country
    signed: int
    held: int
    countries: int


def by_domain(petition: Petition) -> list[Domain]:
    found = Trend.objects.filter(petition=petition).by_domain(least=NAMED_FROM, limit=DOMAINS)
    return [Domain(*domain) for domain in found]


@dataclass(frozen=True)
class Few:
    """The domains from each of which fewer than NAMED_FROM signed."""

    number: int
    signed: int
    held: int


def of_few(petition: Petition) -> Few:
    return Few(*Trend.objects.filter(petition=petition).of_few(least=NAMED_FROM))
