"""Public figures on letters, from tallies only: by area, office and day, and the map of the states."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils.translation import gettext, pgettext

from campaign.web import countries
from campaign.web.statistics.disclosure_control import (
    SMALLEST_CELL,
    CountLine,
    Day,
    Row,
    days,
    largest_first,
    safe,
    safe_within,
    shade,
)
from letters.models import FinderName, LetterCampaign, LetterTally, Office
from letters.models.recipients.us_states import STATES

TILE = 40  # side of a state's square on the map, including the gap to the next

# The column and row of each state's square, roughly as the states lie.
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

COUNTER = 7_205_762  # the advisory lock that makes the counter one, should there be two schedulers
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
    shade: int  # 0: nothing to show, then 1 to disclosure_control.SHADES
    label: str


@transaction.atomic
def recount_letters() -> None:
    """Rebuild the tallies from the letters, unless somebody else is at it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [COUNTER])
        if cursor.fetchone() == (True,):
            LetterTally.objects.all().delete()
            cursor.execute(RECOUNT)


class Areas(NamedTuple):
    """What the areas of a campaign's lists are, in words; the map is that of the United States."""

    heading: str
    column: str
    others: str
    has_map: bool = False


def areas_of(campaign: LetterCampaign) -> Areas:
    finders = {recipients.finder for recipients in campaign.recipient_lists}
    if finders <= {FinderName.US_STATE, FinderName.US_DISTRICT}:
        state = pgettext("of the United States", "State")
        return Areas(gettext("By state"), state, gettext("Other states"), has_map=True)
    if finders == {FinderName.COUNTRY}:
        return Areas(gettext("By country"), gettext("Country"), gettext("Other countries"))
    return Areas(gettext("By area"), gettext("Area"), gettext("Other areas"))


def by_area(campaign: LetterCampaign) -> list[Row]:
    """Return rows by the state or country that the offices' areas are in; none if they have no areas."""
    counts = letters_by_office(campaign)
    names = {region(office): region_name(office) for office, _ in counts}
    if not any(names.values()):
        return []
    rows = (Row(code, names[code], count) for code, count in safe(regions(counts)).items())
    return largest_first(rows, areas_of(campaign).others, sum(count for _, count in counts))


def by_office(campaign: LetterCampaign) -> list[Row]:
    """Return rows by office; none is shown if its state or that state's other office is hidden, as they add up."""
    counts = letters_by_office(campaign)
    states = safe(regions(counts))
    shown = safe_within(((region(office), office, count) for office, count in counts), states)
    rows = (Row(office.code, str(office), count) for office, count in shown.items())
    return largest_first(rows, gettext("Other offices"), sum(count for _, count in counts))


def letters_by_office(campaign: LetterCampaign) -> list[tuple[Office, int]]:
    sums = dict(campaign.tallies.sums_by("office"))
    return [(office, sums[pk]) for pk, office in Office.objects.in_bulk(sums).items()]


def region(office: Office) -> str:
    """Return the code of the office's state or country; of lists elsewhere with that before it: DE is a state as well.

    >>> from letters.models import RecipientList
    >>> [region(Office(area="NM-03", recipient_list=RecipientList(country=country))) for country in ("US", "", "XX")]
    ['NM', 'NM', 'XX-NM']
    """
    country = office.recipient_list.country
    return f"{country}-{office.region}" if country not in {"", "US"} and office.region else office.region


def region_name(office: Office) -> str:
    """Return its name; that of a country in the active language."""
    is_by_country = office.recipient_list.finder == FinderName.COUNTRY
    return countries.name_of(office.region) if is_by_country else office.region_name


def regions(counts: Iterable[tuple[Office, int]]) -> list[tuple[str, int]]:
    """Add up the letters to all offices of a state or country."""
    found = Counter[str]()
    for office, count in counts:
        found[region(office)] += count
    return sorted(found.items())


def letters_by_day(campaign: LetterCampaign) -> list[Day]:
    return days(campaign.tallies.sums_by("day"))


def tiles(rows: Iterable[Row]) -> list[Tile]:
    """Return the map: a square for each state."""
    counts = {row.code: row.count for row in rows if row.code and row.count}
    most = max(counts.values(), default=0)
    labels = {code: f"{STATES[code]}: {count}" for code, count in counts.items()}
    return [
        Tile(code, x * TILE, y * TILE, shade(counts.get(code, 0), most), labels.get(code, STATES[code]))
        for code, (x, y) in MAP.items()
    ]


def letter_figures(campaign: LetterCampaign) -> dict[str, Any]:
    """Return all figures in a form that JSON can hold."""
    total = campaign.tallies.total()
    return {
        "campaign": campaign.slug,
        "letters": total["letters"],
        "as_of": total["as_of"].isoformat() if total["as_of"] else None,
        "smallest_cell": SMALLEST_CELL,
        "states": [{"state": row.code or "other", "letters": row.count} for row in by_area(campaign)],
        "offices": [{"office": row.code or "other", "letters": row.count} for row in by_office(campaign)],
        "days": [{"day": day.day.isoformat(), "letters": day.count} for day in letters_by_day(campaign)],
    }


def table(campaign: LetterCampaign) -> list[CountLine]:
    """Return the same figures as lines of a CSV file."""
    total = campaign.tallies.total()
    rows: list[CountLine] = [("total", str(total["as_of"] or ""), total["letters"])]
    rows += [("state", row.code or "other", row.count or "") for row in by_area(campaign)]
    rows += [("office", row.code or "other", row.count or "") for row in by_office(campaign)]
    rows += [("day", day.day.isoformat(), day.count or "") for day in letters_by_day(campaign)]
    return rows
