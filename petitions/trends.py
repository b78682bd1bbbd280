"""Where signatures came from lately, for moderators: by hour, country and mail domain, for two days.

A signature does not say its mail domain, and a domain of one's own names its owner. So a cell knows its domain by a
keyed hash, and by name only once NAMED_FROM people signed from it, or if a great part of all people use it.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from campaign.supporters.addresses import keyed_hash
from petitions.models import Petition, Trend

KEPT = timedelta(hours=48)
NAMED_FROM = 10
COLUMNS = 8
DOMAINS = 50

NOTE = """
    INSERT INTO petitions_trend AS t (petition_id, hour, country, domain_key, domain, count, held)
    VALUES (%(petition)s, date_trunc('hour', now(), 'UTC'), %(country)s, %(key)s, %(known)s, 1, %(held)s)
    ON CONFLICT (petition_id, hour, country, domain_key) DO UPDATE SET
        count = t.count + 1, held = t.held + excluded.held,
        domain = CASE WHEN t.count + 1 >= %(named_from)s THEN %(domain)s ELSE t.domain END
"""


def note(*, petition_id: int, country: str, domain: str, is_common: bool, is_held: bool) -> None:
    """One more; a single row and statement, in a table that costs no wait for the disk."""
    values: dict[str, int | str | bytes] = {
        "petition": petition_id,
        "country": country,
        "key": keyed_hash(f"{petition_id} {domain}", "trend"),
        "domain": domain[:255],
        "known": domain if is_common else "",
        "held": int(is_held),
        "named_from": NAMED_FROM,
    }
    with connection.cursor() as cursor:
        cursor.execute(NOTE, values)


def forget() -> int:
    """Delete what is older than KEPT; the number of rows."""
    return Trend.objects.filter(hour__lt=timezone.now() - KEPT).delete()[0]


@dataclass(frozen=True)
class Hour:
    hour: datetime
    counts: list[int]  # one for each of Hours.countries
    rest: int
    total: int
    held: int


@dataclass(frozen=True)
class Hours:
    countries: list[str]  # codes, those with most first
    rows: list[Hour]  # newest first


def by_hour(petition: Petition) -> Hours:
    cells = Trend.objects.filter(petition=petition).by_hour()
    sums: Counter[str] = Counter()
    for cell in cells:
        sums[cell["country"]] += cell["signed"]
    countries = [code for code, _ in sums.most_common(COLUMNS)]
    hours = dict.fromkeys(cell["hour"] for cell in cells)
    return Hours(countries, [row([cell for cell in cells if cell["hour"] == hour], countries) for hour in hours])


def row(cells: list[dict], countries: list[str]) -> Hour:
    signed = Counter({cell["country"]: cell["signed"] for cell in cells})
    counts = [signed[code] for code in countries]
    total = signed.total()
    return Hour(cells[0]["hour"], counts, total - sum(counts), total, sum(cell["stopped"] for cell in cells))


def by_domain(petition: Petition) -> list[dict]:
    return Trend.objects.filter(petition=petition).by_domain(DOMAINS)
