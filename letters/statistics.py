"""Figures of letters for the public, from tallies only: by state, office and day, and the map of the states."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext

from campaign.figures import SMALLEST_CELL, Day, Line, Row, days, largest_first, safe, safe_within, shade
from letters.models import LetterCampaign, LetterTally, Office
from letters.places import STATES, name_of

TILE = 40  # side of a state's square on the map, with the gap to the next

# Where each state's square stands: column and row, roughly as the states lie.
MAP = {
    "AK": (0, 0), "ME": (11, 0), "WI": (6, 1), "VT": (10, 1), "NH": (11, 1),
    "WA": (1, 2), "ID": (2, 2), "MT": (3, 2), "ND": (4, 2), "MN": (5, 2), "IL": (6, 2), "MI": (7, 2),
    "NY": (9, 2), "MA": (10, 2), "RI": (11, 2),
    "OR": (1, 3), "NV": (2, 3), "WY": (3, 3), "SD": (4, 3), "IA": (5, 3), "IN": (6, 3), "OH": (7, 3), "PA": (8, 3),
    "NJ": (9, 3), "CT": (10, 3),
    "CA": (1, 4), "UT": (2, 4), "CO": (3, 4), "NE": (4, 4), "MO": (5, 4), "KY": (6, 4), "WV": (7, 4), "VA": (8, 4),
    "MD": (9, 4), "DE": (10, 4),
    "AZ": (2, 5), "NM": (3, 5), "KS": (4, 5), "AR": (5, 5), "TN": (6, 5), "NC": (7, 5), "SC": (8, 5),
    "OK": (4, 6), "LA": (5, 6), "MS": (6, 6), "AL": (7, 6), "GA": (8, 6),
    "HI": (0, 7), "TX": (4, 7), "FL": (9, 7),
}  # fmt: skip

RECOUNT = """
    INSERT INTO letters_lettertally (campaign_id, office_id, day, letters, counted_at)
    SELECT l.campaign_id, l.office_id, (c.confirmed_at AT TIME ZONE 'UTC')::date, count(*), now()
    FROM letters_letter l
    JOIN letters_constituent c ON c.id = l.constituent_id
    JOIN letters_delivery d ON d.letter_id = l.id
    WHERE c.confirmed_at IS NOT NULL AND d.state <> 'withdrawn'
    GROUP BY 1, 2, 3
"""


@dataclass(frozen=True)
class Tile:
    code: str
    x: int
    y: int
    shade: int  # 0: nothing to show, then 1 to figures.SHADES
    label: str


@transaction.atomic
def recount() -> None:
    """Bring the tallies in line with the letters."""
    LetterTally.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(RECOUNT)


def by_state(campaign: LetterCampaign) -> list[Row]:
    sums = LetterTally.objects.sums_by("office__state", campaign)
    rows = (Row(code, name_of(code), count) for code, count in safe(sums).items())
    return largest_first(rows, gettext("Other states"), sum(count for _, count in sums))


def by_office(campaign: LetterCampaign) -> list[Row]:
    """The offices of a state add up to it, so that none is shown where its state or the other office must not be."""
    sums = dict(LetterTally.objects.sums_by("office", campaign))
    states = safe(LetterTally.objects.sums_by("office__state", campaign))
    offices = Office.objects.in_bulk(sums)
    counts = safe_within(((offices[pk].state, pk, count) for pk, count in sums.items()), states)
    rows = (Row(offices[pk].code, str(offices[pk]), count) for pk, count in counts.items())
    return largest_first(rows, gettext("Other offices"), sum(sums.values()))


def by_day(campaign: LetterCampaign) -> list[Day]:
    return days(LetterTally.objects.sums_by("day", campaign))


def tiles(rows: Iterable[Row]) -> list[Tile]:
    """The map: a square for each state."""
    counts = {row.code: row.count for row in rows if row.code and row.count}
    most = max(counts.values(), default=0)
    labels = {code: f"{STATES[code]}: {count}" for code, count in counts.items()}
    return [
        Tile(code, x * TILE, y * TILE, shade(counts.get(code, 0), most), labels.get(code, STATES[code]))
        for code, (x, y) in MAP.items()
    ]


def figures(campaign: LetterCampaign) -> dict[str, Any]:
    """All of it, as JSON can hold it."""
    total = LetterTally.objects.total(campaign)
    return {
        "campaign": campaign.slug,
        "letters": total["letters"],
        "as_of": total["as_of"].isoformat() if total["as_of"] else None,
        "smallest_cell": SMALLEST_CELL,
        "states": [{"state": row.code or "other", "letters": row.count} for row in by_state(campaign)],
        "offices": [{"office": row.code or "other", "letters": row.count} for row in by_office(campaign)],
        "days": [{"day": day.day.isoformat(), "letters": day.count} for day in by_day(campaign)],
    }


def table(campaign: LetterCampaign) -> list[Line]:
    """The same as lines of a CSV file."""
    total = LetterTally.objects.total(campaign)
    rows: list[Line] = [("total", str(total["as_of"] or ""), total["letters"])]
    rows += [("state", row.code or "other", row.count or "") for row in by_state(campaign)]
    rows += [("office", row.code or "other", row.count or "") for row in by_office(campaign)]
    rows += [("day", day.day.isoformat(), day.count or "") for day in by_day(campaign)]
    return rows
