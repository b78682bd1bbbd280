"""Loading and taking back as work of the outbox, in slices, so that no worker is held for long."""

import time
from collections.abc import Iterator, Sequence
from datetime import timedelta

from campaign.outbox.handlers import Done, Handler, Item, Outcome, Retry
from petitions.models import BatchState, PaperBatch
from petitions.paper import importing, undoing, uploads
from petitions.paper.records import Unusable
from petitions.paper.storing import Interrupted

SLICE_SECONDS = 20
GOES_ON = Retry("the next slice", after=timedelta(seconds=1), is_spent=False)


class SlicedHandler(Handler):
    batch_size = 1
    window = 1
    lease = timedelta(minutes=3)

    def steps(self, batch: PaperBatch) -> Iterator[None]:
        raise NotImplementedError

    def run(self, items: Sequence[Item]) -> Iterator[tuple[Item, Outcome]]:
        for item in items:
            batch = PaperBatch.objects.for_work().filter(pk=item.payload["batch"]).first()
            yield item, self.slice(batch) if batch else Done()

    def slice(self, batch: PaperBatch) -> Outcome:
        ends_at = time.monotonic() + SLICE_SECONDS
        try:
            return next((GOES_ON for _ in self.steps(batch) if time.monotonic() > ends_at), Done())
        except Interrupted:
            return Done()
        except Unusable as error:
            importing.cancel(batch, str(error))
            return Done()


class ImportHandler(SlicedHandler):
    def steps(self, batch: PaperBatch) -> Iterator[None]:
        return importing.load(batch, uploads.pieces(batch))

    def exhausted(self, item: Item, reason: str) -> None:
        for batch in PaperBatch.objects.filter(pk=item.payload["batch"]):
            importing.cancel(batch, reason)


class UndoHandler(SlicedHandler):
    def steps(self, batch: PaperBatch) -> Iterator[None]:
        return undoing.undo(batch)

    def exhausted(self, item: Item, reason: str) -> None:
        """It can be taken back again, which goes on with what is left."""
        PaperBatch.objects.filter(pk=item.payload["batch"], state=BatchState.UNDOING).update(problem=reason)
