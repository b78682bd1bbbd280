"""Take a batch back: its signatures go, and the count returns to what it was without them."""

from collections.abc import Iterator

from django.db import connection, transaction
from django.db.models import F

from campaign.outbox import queue
from petitions.models import BatchState, PaperBatch

STEP = 10_000
UNDO = "petitions.paper-undo"

# Nothing from paper stays, even where somebody had begun to sign online: what they entered there gave way to the name,
# country and wording on paper, and a click must not confirm that as theirs. They can sign online again. A withdrawn
# signature stays withdrawn, so that loading the same sheet anew does not bring it back.
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
    """Have a worker take the batch back or go on with it; return False if its state does not allow that."""
    locked = PaperBatch.objects.select_for_update().get(pk=batch.pk)
    if not locked.is_undoable:
        return False
    locked.state, locked.problem = BatchState.UNDOING, ""
    locked.save(update_fields=["state", "problem"])
    if not queue.retry_subject([UNDO], batch.pk):
        queue.put(UNDO, subject=batch.pk, payload={"batch": batch.pk})
    return True


def undo_in_steps(batch: PaperBatch) -> Iterator[None]:
    """Take the batch back, yielding after each step; started again, it goes on with what is left."""
    after: int | None = 0
    while after is not None:
        after = undo_step(batch, after)
        yield
    finish(batch)


@transaction.atomic
def undo_step(batch: PaperBatch, after: int) -> int | None:
    """Take back the next rows after row number `after`; return the number of the last, or None if there were none."""
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
