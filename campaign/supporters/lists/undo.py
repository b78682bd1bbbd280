"""Take an import back: whoever was entered by it and has not confirmed themselves is deleted."""

from collections.abc import Iterator

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F

from campaign import audit
from campaign.outbox import queue
from campaign.supporters.models import ImportState, Subscriber, SubscriberImport, SubscriberQuerySet, SubscriberState
from campaign.supporters.subscriptions import CONFIRMATION

UNDO_IMPORT = "supporters.import-undo"
TAKEN_BACK_AT_ONCE = 2000


@transaction.atomic
def start(one: SubscriberImport, *, by: User) -> bool:
    """Have a worker take it back or go on with that; return False if its state does not allow it."""
    locked = SubscriberImport.objects.select_for_update().get(pk=one.pk)
    if not locked.is_undoable:
        return False
    SubscriberImport.objects.change(one, ImportState.UNDOING, problem="")
    audit.note("subscribers.import-undone", by=by.get_username(), on=one, new=one.new)
    if not queue.retry_subject([UNDO_IMPORT], one.pk):
        queue.put(UNDO_IMPORT, subject=one.pk, payload={"import": one.pk})
    return True


def entered_by(one: SubscriberImport) -> SubscriberQuerySet:
    """Return whom the import alone has entered.

    Whoever has left since stays as one who left, also if they have asked for news again, and whoever was asked and has
    confirmed is a subscriber of their own.
    """
    state = SubscriberState.PENDING if one.asks else SubscriberState.CONFIRMED
    return Subscriber.objects.filter(source=one, state=state, unsubscribed_at=None)


def take_back(one: SubscriberImport) -> Iterator[None]:
    """Take it back, yielding after each step; started again, it goes on with what is left.

    Mails that are in a worker's hands are not sent either (campaign/supporters/mails.py).
    """
    queue.forget([CONFIRMATION], [one.pk])
    while take_back_some(one):
        yield
    SubscriberImport.objects.filter(state=ImportState.UNDOING).change(one, ImportState.UNDONE, problem="")


@transaction.atomic
def take_back_some(one: SubscriberImport) -> int:
    """Delete some of them, and have a restored backup not write to them either; return how many."""
    ids = list(entered_by(one).order_by("pk").select_for_update().values_list("pk", flat=True)[:TAKEN_BACK_AT_ONCE])
    Subscriber.objects.filter(pk__in=ids).unsubscribe()
    Subscriber.objects.filter(pk__in=ids).delete()
    SubscriberImport.objects.filter(pk=one.pk).update(undone=F("undone") + len(ids))
    return len(ids)
