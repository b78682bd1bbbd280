"""Compute the public figures of a petition from its tallies, never from signatures.

The cost grows with countries times days, whatever the number of signatures.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import formats
from django.utils.translation import gettext

from campaign.web import countries
from campaign.web.statistics import charts
from campaign.web.statistics.disclosure_control import (
    SMALLEST_CELL,
    CountLine,
    Day,
    Row,
    days,
    largest_first,
    safe,
    safe_within,
)
from petitions.models import Channel, HourTally, Petition

DAYS_DRAWN = 180


@dataclass(frozen=True)
class Hour:
    hour: datetime
    count: int


def by_country(petition: Petition) -> list[Row]:
    sums = petition.tallies.sums_by("country")
    rows = (Row(code, countries.name_of(code), count) for code, count in safe(sums).items())
    return largest_first(rows, gettext("Other countries"), sum(count for _, count in sums))


def by_day(petition: Petition) -> list[Day]:
    """Return the days on which somebody confirmed, in order."""
    return days(petition.tallies.sums_by("day"))


def days_drawn(rows: list[Day]) -> list[tuple[date, int]]:
    """Return the last DAYS_DRAWN days that are known, each with its number; 0 for one that is not shown."""
    shown = [(row.day, row.count) for row in rows if row.count]
    if not shown:
        return []
    first, last = shown[0][0], shown[-1][0]
    return charts.every_day(shown, until=last, days=min((last - first).days + 1, DAYS_DRAWN))


def chart_of(days: list[tuple[date, int]]) -> charts.Chart | None:
    """Return a bar for each day; None if there is nothing to draw."""
    return (
        charts.bars([(formats.date_format(day, "SHORT_DATE_FORMAT"), count) for day, count in days]) if days else None
    )


def by_channel(petition: Petition) -> list[Row]:
    names = dict(Channel.choices)
    sums = safe(petition.tallies.sums_by("channel"))
    return [Row(channel, str(names.get(channel, channel)), count) for channel, count in sums.items()]


def by_hour(petition: Petition) -> list[Hour]:
    """Return by how much the count rose in each hour (UTC).

    Hours are left out where their figures, together with that of the day, would give away a small number.
    """
    wholes = {day.day: day.count for day in by_day(petition)}
    changes = HourTally.objects.filter(petition=petition).values_list("hour", "change").order_by("hour")
    counts = safe_within(((hour.date(), hour, change) for hour, change in changes), wholes)
    return [Hour(hour, count) for hour, count in counts.items() if count]


def figures(petition: Petition) -> dict[str, Any]:
    """Return all figures as values that JSON can hold."""
    return {
        "petition": petition.slug,
        "count": petition.count,
        "as_of": petition.counted_at.isoformat(),
        "smallest_cell": SMALLEST_CELL,
        "countries": [{"code": row.code, "name": row.name, "count": row.count} for row in by_country(petition)],
        "channels": [{"channel": row.code, "count": row.count} for row in by_channel(petition)],
        "days": [{"day": row.day.isoformat(), "count": row.count} for row in by_day(petition)],
        "hours": [{"hour": row.hour.isoformat(), "count": row.count} for row in by_hour(petition)],
    }


def table(petition: Petition) -> list[CountLine]:
    """Return all figures as lines of a CSV file."""
    rows: list[CountLine] = [("total", petition.counted_at.isoformat(), petition.count)]
    rows += [("country", row.code or "other", row.count or "") for row in by_country(petition)]
    rows += [("channel", row.code, row.count or "") for row in by_channel(petition)]
    rows += [("day", row.day.isoformat(), row.count or "") for row in by_day(petition)]
    rows += [("hour", row.hour.isoformat(), row.count) for row in by_hour(petition)]
    return rows
