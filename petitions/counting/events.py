"""The count. Confirming inserts an event and locks nothing that others need; the aggregator adds events to tallies.

Shown count = sum of the tallies; `manage.py recount` proves it equal to the rows (petitions/counting/recount.py).
"""

from collections import Counter
from collections.abc import Iterable

from django.db import connection, transaction

from campaign.performance.group_commit import record_set
from petitions.models import Signature

BATCH = 50_000
AGGREGATOR = 7_205_759  # the advisory lock that makes the aggregator one

INSERT_EVENTS = """
    INSERT INTO petitions_countevent (petition_id, country, channel, day, change)
    SELECT petition, country, channel, day, change
    FROM json_to_recordset(%s::json) AS row (petition bigint, country text, channel text, day date, change int2)
"""
# What changed by the hour in which it was noted; `gone` stands before it.
HOURS = """
    INSERT INTO petitions_hourtally AS h (petition_id, hour, change)
    SELECT petition_id, date_trunc('hour', noted_at), sum(change) FROM gone GROUP BY 1, 2
    ON CONFLICT (petition_id, hour) DO UPDATE SET change = h.change + excluded.change
"""

# Update, then insert what was not there: only one aggregator works at a time, and a sum may be negative.
AGGREGATE = f"""
    WITH gone AS (
        DELETE FROM petitions_countevent WHERE id IN (SELECT id FROM petitions_countevent ORDER BY id LIMIT %s)
        RETURNING petition_id, country, channel, day, change, noted_at
    ), sums AS (
        SELECT petition_id, country, channel, day, sum(change) AS change FROM gone
        GROUP BY petition_id, country, channel, day
    ), tallied AS (
        UPDATE petitions_tally t SET count = t.count + sums.change FROM sums
        WHERE (t.petition_id, t.country, t.channel, t.day) = (sums.petition_id, sums.country, sums.channel, sums.day)
        RETURNING t.petition_id, t.country, t.channel, t.day
    ), new_tallies AS (
        INSERT INTO petitions_tally (petition_id, country, channel, day, count)
        SELECT petition_id, country, channel, day, change FROM sums
        WHERE (petition_id, country, channel, day) NOT IN (SELECT * FROM tallied)
    ), hours AS (
        {HOURS}
    ), changes AS (
        SELECT p.id AS petition_id, coalesce(sum(sums.change), 0) AS change
        FROM petitions_petition p LEFT JOIN sums ON sums.petition_id = p.id GROUP BY p.id
    ), shown AS (
        UPDATE petitions_total t SET count = t.count + changes.change, as_of = now() FROM changes
        WHERE t.petition_id = changes.petition_id AND (changes.change <> 0 OR t.as_of < now() - interval '10 seconds')
    ), new_totals AS (
        INSERT INTO petitions_total (petition_id, count, as_of)
        SELECT petition_id, change, now() FROM changes
        WHERE petition_id NOT IN (SELECT petition_id FROM petitions_total)
    )
    SELECT count(*) FROM gone
"""  # noqa: S608  # HOURS stands above


def note(signature: Signature, change: int) -> None:
    """Write that `signature` counts one more (+1) or one less (-1); in the transaction that changes it, and after that
    (see `recounting.recount`)."""
    note_all([signature], change)


def note_all(signatures: Iterable[Signature], change: int) -> None:
    """The same for each of many, in one event for each place and day; at most 32,767 at a time."""
    sums = Counter((one.petition_id, one.country, one.channel, one.confirmed_on or one.signed_on) for one in signatures)
    rows = [
        {"petition": petition, "country": country, "channel": channel, "day": str(day), "change": change * number}
        for (petition, country, channel, day), number in sums.items()
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(INSERT_EVENTS, [record_set(rows)])


def aggregate() -> int:
    """Add waiting events to the tallies; how many. Cost grows with the events only.

    Several may be started at once: one works, the others leave at once with 0.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [AGGREGATOR])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(AGGREGATE, [BATCH])
        return int(cursor.fetchone()[0])
