"""Load and take back batches as work of the outbox, in slices, so that no worker is held for long."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from django.db import transaction

from campaign.outbox import queue
from campaign.outbox.handlers import Done, Item, Outcome
from campaign.outbox.slow_work.sliced import SlicedHandler
from campaign.protection.inputs.csv_records import Unusable
from petitions.models import BatchState, PaperBatch
from petitions.paper.imports import loading, undo, uploads
from petitions.paper.imports.storage import ImportInterrupted

WORK = {BatchState.LOADING: uploads.IMPORT_KIND, BatchState.UNDOING: undo.UNDO}


class BatchHandler(SlicedHandler):
    window = 1
    lease = timedelta(minutes=3)
    pause = timedelta(seconds=1)

    def batch_steps(self, batch: PaperBatch) -> Iterator[None]:
        raise NotImplementedError

    def steps(self, item: Item) -> Iterator[None]:
        for batch in PaperBatch.objects.for_work().filter(pk=item.payload["batch"]):
            yield from self.batch_steps(batch)

    def take_turn(self, item: Item) -> Outcome:
        try:
            return super().take_turn(item)
        except ImportInterrupted:
            return Done()
        except Unusable as error:
            return Done(partial(cancel, item, str(error)))


def cancel(item: Item, reason: str) -> None:
    for batch in PaperBatch.objects.filter(pk=item.payload["batch"]):
        loading.cancel(batch, reason)


class ImportHandler(BatchHandler):
    def batch_steps(self, batch: PaperBatch) -> Iterator[None]:
        return loading.load(batch, uploads.pieces(batch))

    def exhausted(self, item: Item, reason: str) -> None:
        cancel(item, reason)


class UndoHandler(BatchHandler):
    def batch_steps(self, batch: PaperBatch) -> Iterator[None]:
        return undo.undo_in_steps(batch)

    def exhausted(self, item: Item, reason: str) -> None:
        """Keep the reason; taking the batch back again goes on with what is left."""
        PaperBatch.objects.filter(pk=item.payload["batch"], state=BatchState.UNDOING).update(problem=reason)


@transaction.atomic
def put_missing_work() -> int:
    """Put the work of batches that no outbox item carries (manage.py reconcile); return how many there were.

    What the command line loads has no parts, and is resumed by giving the command again.
    """
    batches = PaperBatch.objects.filter(state__in=WORK).select_for_update()
    mine = [batch for batch in batches if batch.state == BatchState.UNDOING or batch.parts.exists()]
    return sum(
        queue.put_missing(WORK[BatchState(batch.state)], subject=batch.pk, payload={"batch": batch.pk})
        for batch in mine
    )
