"""Taking a batch back: its signatures go, and the count returns to what it was without them."""

from collections.abc import Iterator

from django.db import connection, transaction
from django.db.models import F

from campaign.outbox import work
from petitions.models import BatchState, PaperBatch

STEP = 10_000
UNDO = "petitions.paper-undo"

# Nothing of paper stays, also where somebody had begun to sign online: what they wrote there gave way to the paper's
# name, country and wording, and must not be counted as theirs by a click. They can sign online again. Who withdrew
# stays withdrawn, so that the same sheet, loaded anew, does not bring them back.
TAKE_BACK = """
    WITH chosen AS (
        SELECT id, batch_row, state FROM petitions_signature WHERE batch_id = %(batch)s AND batch_row > %(after)s
        ORDER BY batch_row LIMIT %(step)s FOR UPDATE
    ), gone AS (
        DELETE FROM petitions_signature WHERE id IN (SELECT id FROM chosen WHERE state <> 'withdrawn')
        RETURNING petition_id, country, channel, confirmed_on, state
    ), kept AS (
        UPDATE petitions_signature SET batch_id = NULL, batch_row = NULL
        WHERE id IN (SELECT id FROM chosen WHERE state = 'withdrawn')
    ), uncounted AS (
        INSERT INTO petitions_countevent (petition_id, country, channel, day, change)
        SELECT petition_id, country, channel, confirmed_on, -count(*) FROM gone WHERE state = 'confirmed'
        GROUP BY petition_id, country, channel, confirmed_on
    )
    SELECT max(batch_row), count(*) FROM chosen
"""


@transaction.atomic
def start(batch: PaperBatch) -> bool:
    """Let a worker take the batch back, or go on with it; False if its state does not allow it."""
    locked = PaperBatch.objects.select_for_update().get(pk=batch.pk)
    if not locked.is_undoable:
        return False
    locked.state, locked.problem = BatchState.UNDOING, ""
    locked.save(update_fields=["state", "problem"])
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
