"""Load and take back lists as work of the outbox, in slices, so that no worker is held for long."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from django.db import transaction

from campaign.outbox import queue
from campaign.outbox.handlers import Done, Item, Outcome
from campaign.outbox.slow_work.sliced import SlicedHandler
from campaign.protection.inputs.csv_records import Unusable
from campaign.supporters.lists import loading, undo
from campaign.supporters.models import ImportState, SubscriberImport

IMPORT_WORK = {ImportState.LOADING: loading.IMPORT, ImportState.UNDOING: undo.UNDO_IMPORT}


class ListHandler(SlicedHandler):
    window = 1
    lease = timedelta(minutes=3)
    pause = timedelta(seconds=1)

    def import_steps(self, one: SubscriberImport) -> Iterator[None]:
        raise NotImplementedError

    def steps(self, item: Item) -> Iterator[None]:
        for one in SubscriberImport.objects.filter(pk=item.payload["import"]):
            yield from self.import_steps(one)

    def take_turn(self, item: Item) -> Outcome:
        try:
            return super().take_turn(item)
        except loading.ImportStopped:
            return Done()
        except Unusable as error:
            return Done(partial(cancel_import, item, str(error)))


def cancel_import(item: Item, reason: str) -> None:
    for one in SubscriberImport.objects.filter(pk=item.payload["import"]):
        loading.cancel(one, reason)


class ListImportHandler(ListHandler):
    def import_steps(self, one: SubscriberImport) -> Iterator[None]:
        return loading.load(one)

    def exhausted(self, item: Item, reason: str) -> None:
        cancel_import(item, reason)


class ListUndoHandler(ListHandler):
    def import_steps(self, one: SubscriberImport) -> Iterator[None]:
        return undo.take_back(one)

    def exhausted(self, item: Item, reason: str) -> None:
        """Keep the reason; taking it back again goes on with what is left."""
        SubscriberImport.objects.filter(pk=item.payload["import"], state=ImportState.UNDOING).update(problem=reason)


@transaction.atomic
def put_missing_work() -> int:
    """Put the work of imports that no outbox item carries (manage.py reconcile); return how many there were."""
    imports = SubscriberImport.objects.filter(state__in=IMPORT_WORK).select_for_update()
    return sum(
        queue.put_missing(IMPORT_WORK[ImportState(one.state)], subject=one.pk, payload={"import": one.pk})
        for one in imports
    )
