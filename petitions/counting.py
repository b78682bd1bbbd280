"""The count. Confirming inserts an event and locks nothing that others need; the aggregator adds events to tallies.

Shown count = sum of the tallies; `recount` proves it equal to the rows.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, transaction

from petitions.models import CountEvent, Signature

BATCH = 50_000
AGGREGATOR = 7_205_759  # the advisory lock that makes the aggregator one

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

TRUTH = """
    SELECT petition_id, country, channel, confirmed_on AS day, count(*) AS count FROM petitions_signature
    WHERE state = 'confirmed' GROUP BY petition_id, country, channel, confirmed_on
"""

DIFFERENCES = f"""
    WITH truth AS ({TRUTH}), counted AS (
        SELECT petition_id, country, channel, day, sum(count) AS count FROM (
            SELECT petition_id, country, channel, day, count FROM petitions_tally
            UNION ALL SELECT petition_id, country, channel, day, change FROM petitions_countevent
        ) parts GROUP BY petition_id, country, channel, day
    ), tallied AS (
        SELECT petition_id, sum(count) AS count FROM petitions_tally GROUP BY petition_id
    ), hours AS (
        SELECT petition_id, sum(change) AS count FROM petitions_hourtally GROUP BY petition_id
    )
    SELECT petition_id, concat_ws(' ', country, channel, day), coalesce(truth.count, 0), coalesce(counted.count, 0)
    FROM truth FULL JOIN counted USING (petition_id, country, channel, day)
    WHERE coalesce(truth.count, 0) <> coalesce(counted.count, 0)
    UNION ALL
    SELECT petition_id, 'total', coalesce(tallied.count, 0), coalesce(total.count, 0)
    FROM petitions_total total FULL JOIN tallied USING (petition_id)
    WHERE coalesce(tallied.count, 0) <> coalesce(total.count, 0)
    UNION ALL
    SELECT petition_id, 'hours', coalesce(tallied.count, 0), coalesce(hours.count, 0)
    FROM hours FULL JOIN tallied USING (petition_id)
    WHERE coalesce(tallied.count, 0) <> coalesce(hours.count, 0)
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
class Difference:
    petition_id: int
    place: str  # "DE web 2026-11-22", "total" or "hours"
    rows: int
    shown: int


def note(signature: Signature, change: int) -> None:
    """Write that `signature` counts one more (+1) or one less (-1); in the transaction that changes it, and after that
    (see `recount`)."""
    CountEvent.objects.create(
        petition_id=signature.petition_id,
        country=signature.country,
        channel=signature.channel,
        day=signature.confirmed_on or signature.signed_on,
        change=change,
    )


def note_all(signatures: Iterable[Signature], change: int) -> None:
    """The same for each of many, in one event for each place and day; at most 32,767 at a time."""
    sums = Counter((one.petition_id, one.country, one.channel, one.confirmed_on or one.signed_on) for one in signatures)
    CountEvent.objects.bulk_create(
        CountEvent(petition_id=petition, country=country, channel=channel, day=day, change=change * number)
        for (petition, country, channel, day), number in sums.items()
    )


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


def differences() -> list[Difference]:
    """Where the tallies and waiting events differ from the rows, in one snapshot. Reads every confirmed row once."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERENCES)
        return [Difference(petition, place, int(rows), int(shown)) for petition, place, rows, shown in cursor]


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
