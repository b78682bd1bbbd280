"""Figures of a petition for the public, from tallies only, never from signatures.

Cost grows with countries times days, whatever the number of signatures.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from campaign import countries
from campaign.figures import SMALLEST_CELL, Day, Line, Row, days, largest_first, safe, safe_within
from petitions.models import Channel, HourTally, Petition, Tally


@dataclass(frozen=True)
class Hour:
    hour: datetime
    count: int


def by_country(petition: Petition) -> list[Row]:
    sums = Tally.objects.sums_by("country", petition)
    rows = (Row(code, countries.name_of(code), count) for code, count in safe(sums).items())
    return largest_first(rows, gettext("Other countries"), sum(count for _, count in sums))


def by_day(petition: Petition) -> list[Day]:
    """In order of time; one row a day on which somebody confirmed."""
    return days(Tally.objects.sums_by("day", petition))


def by_channel(petition: Petition) -> list[Row]:
    names = dict(Channel.choices)
    sums = safe(Tally.objects.sums_by("channel", petition))
    return [Row(channel, str(names.get(channel, channel)), count) for channel, count in sums.items()]


def by_hour(petition: Petition) -> list[Hour]:
    """By how many the count rose in each hour (UTC) that can be shown beside the figure of its day."""
    wholes = {day.day: day.count for day in by_day(petition)}
    changes = HourTally.objects.filter(petition=petition).values_list("hour", "change").order_by("hour")
    counts = safe_within(((hour.date(), hour, change) for hour, change in changes), wholes)
    return [Hour(hour, count) for hour, count in counts.items() if count]


def figures(petition: Petition) -> dict[str, Any]:
    """All of it, as JSON can hold it."""
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


def table(petition: Petition) -> list[Line]:
    """The same as lines of a CSV file."""
    rows: list[Line] = [("total", petition.counted_at.isoformat(), petition.count)]
    rows += [("country", row.code or "other", row.count or "") for row in by_country(petition)]
    rows += [("channel", row.code, row.count or "") for row in by_channel(petition)]
    rows += [("day", row.day.isoformat(), row.count or "") for row in by_day(petition)]
    rows += [("hour", row.hour.isoformat(), row.count) for row in by_hour(petition)]
    return rows
