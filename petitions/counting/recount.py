"""The count, proved against the rows or made anew from them."""

from dataclasses import dataclass

from django.db import connection, transaction

from petitions.counting.events import HOURS

TRUTH = """
    SELECT petition_id, country, channel, confirmed_on AS day, count(*) AS count FROM petitions_signature
    WHERE state = 'confirmed' GROUP BY petition_id, country, channel, confirmed_on
"""

COMPARE_COUNTS = f"""
    WITH truth AS ({TRUTH}), counted AS (
        SELECT petition_id, country, channel, day, sum(count) AS count FROM (
            SELECT petition_id, country, channel, day, count FROM petitions_tally
            UNION ALL SELECT petition_id, country, channel, day, change FROM petitions_countevent
        ) parts GROUP BY petition_id, country, channel, day
    ), there AS (
        SELECT petition_id, sum(count) AS count FROM truth GROUP BY petition_id
    ), totals AS (
        SELECT petition_id, sum(count) AS count FROM (
            SELECT petition_id, count FROM petitions_total
            UNION ALL SELECT petition_id, change FROM petitions_countevent
        ) parts GROUP BY petition_id
    ), hours AS (
        SELECT petition_id, sum(change) AS count FROM (
            SELECT petition_id, change FROM petitions_hourtally
            UNION ALL SELECT petition_id, change FROM petitions_countevent
        ) parts GROUP BY petition_id
    )
    SELECT petition_id, concat_ws(' ', country, channel, day), coalesce(truth.count, 0), coalesce(counted.count, 0)
    FROM truth FULL JOIN counted USING (petition_id, country, channel, day)
    WHERE coalesce(truth.count, 0) <> coalesce(counted.count, 0)
    UNION ALL
    SELECT petition_id, 'total', coalesce(there.count, 0), coalesce(totals.count, 0)
    FROM totals FULL JOIN there USING (petition_id)
    WHERE coalesce(there.count, 0) <> coalesce(totals.count, 0)
    UNION ALL
    SELECT petition_id, 'hours', coalesce(there.count, 0), coalesce(hours.count, 0)
    FROM hours FULL JOIN there USING (petition_id)
    WHERE coalesce(there.count, 0) <> coalesce(hours.count, 0)
    ORDER BY 1, 2
"""  # noqa: S608  # TRUTH stands above

TAKE_EVENTS = f"""
    WITH gone AS (DELETE FROM petitions_countevent RETURNING petition_id, change, noted_at) {HOURS}
"""  # noqa: S608  # HOURS stands above

RECOUNT_TOTALS = """
    INSERT INTO petitions_total (petition_id, count, as_of)
    SELECT p.id, coalesce(sum(t.count), 0), now()
    FROM petitions_petition p LEFT JOIN petitions_tally t ON t.petition_id = p.id GROUP BY p.id
    ON CONFLICT (petition_id) DO UPDATE SET count = excluded.count, as_of = excluded.as_of
"""

# No row tells its hour: what was counted too much or too little belongs to the hour in which that was found.
MEND_HOURS = f"""
    WITH gone AS (
        SELECT t.petition_id, now() AS noted_at, t.count - coalesce(sum(hours.change), 0) AS change
        FROM petitions_total t LEFT JOIN petitions_hourtally hours USING (petition_id) GROUP BY t.petition_id
        HAVING t.count <> coalesce(sum(hours.change), 0)
    ) {HOURS}
"""  # noqa: S608  # HOURS stands above


@dataclass(frozen=True)
class CountDifference:
    petition_id: int
    place: str  # "DE web 2026-11-22", "total" or "hours"
    rows: int
    shown: int


def differences() -> list[CountDifference]:
    """Where the tallies and waiting events differ from the rows, in one snapshot. Reads every confirmed row once."""
    with connection.cursor() as cursor:
        cursor.execute(COMPARE_COUNTS)
        return [CountDifference(petition, place, int(rows), int(shown)) for petition, place, rows, shown in cursor]


def recount() -> None:
    """Make tallies and totals anew from the rows; hours keep what is known. Reads every confirmed signature once.

    Confirmations wait for it. It locks in their order, and that of all who count: the signature first, then events.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE petitions_signature IN SHARE MODE")
        cursor.execute("LOCK TABLE petitions_countevent IN ACCESS EXCLUSIVE MODE")
        cursor.execute(TAKE_EVENTS)
        cursor.execute("DELETE FROM petitions_tally")
        cursor.execute(f"INSERT INTO petitions_tally (petition_id, country, channel, day, count) {TRUTH}")
        cursor.execute(RECOUNT_TOTALS)
        cursor.execute(MEND_HOURS)
