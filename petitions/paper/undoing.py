"""Taking a batch back: its signatures go, and the count returns to what it was without them."""

from collections.abc import Iterator

from django.db import connection, transaction
from django.db.models import F

from campaign.outbox import work
from petitions.models import BatchState, PaperBatch

STEP = 10_000
UNDO = "petitions.paper-undo"

# A signature with a mailed link was begun online as well and goes back to where it was: waiting for its link, or for
# its signer to ask for another one.
TAKE_BACK = """
    WITH chosen AS (
        SELECT id, petition_id, country, channel, confirmed_on, state, batch_row, token_digest IS NOT NULL AS has_link
        FROM petitions_signature WHERE batch_id = %(batch)s AND batch_row > %(after)s
        ORDER BY batch_row LIMIT %(step)s FOR UPDATE
    ), uncounted AS (
        INSERT INTO petitions_countevent (petition_id, country, channel, day, change)
        SELECT petition_id, country, channel, confirmed_on, -count(*) FROM chosen WHERE state = 'confirmed'
        GROUP BY petition_id, country, channel, confirmed_on
    ), gone AS (
        DELETE FROM petitions_signature WHERE id IN (SELECT id FROM chosen WHERE NOT has_link)
    ), returned AS (
        UPDATE petitions_signature s
        SET state = CASE s.state WHEN 'confirmed' THEN 'pending' ELSE s.state END,
            confirmed_on = CASE s.state WHEN 'confirmed' THEN NULL ELSE s.confirmed_on END,
            token_expires_at = CASE s.state
                WHEN 'confirmed' THEN coalesce(s.token_expires_at, now()) ELSE s.token_expires_at END,
            channel = 'web', batch_id = NULL, batch_row = NULL
        FROM chosen WHERE s.id = chosen.id AND has_link
    )
    SELECT max(batch_row), count(*) FROM chosen
"""


@transaction.atomic
def start(batch: PaperBatch) -> bool:
    """Let a worker take the batch back, or go on with it; False if its state does not allow it."""
    if not PaperBatch.objects.undoable().filter(pk=batch.pk).update(state=BatchState.UNDOING, problem=""):
        return False
    work.again(UNDO, payload={"batch": batch.pk})
    return True


def undo(batch: PaperBatch) -> Iterator[None]:
    """Yield after each step; begun again, it goes on with what is left."""
    after: int | None = 0
    while after is not None:
        after = step(batch, after)
        yield
    finish(batch)


@transaction.atomic
def step(batch: PaperBatch, after: int) -> int | None:
    """Take back the next rows behind the row `after`; the last of them, None if there were none."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE_BACK, {"batch": batch.pk, "after": after, "step": STEP})
        last, number = cursor.fetchone()
    PaperBatch.objects.filter(pk=batch.pk).update(undone=F("undone") + number)
    return last


@transaction.atomic
def finish(batch: PaperBatch) -> None:
    if PaperBatch.objects.filter(pk=batch.pk, state=BatchState.UNDOING).update(state=BatchState.UNDONE, problem=""):
        batch.remarks.all().delete()
        batch.rekeyings.all().delete()
