"""Finding rows whose lease ran out: messages that Redis lost, workers that died."""

from django.db import transaction

from campaign.outbox import claims, execution
from campaign.outbox.handlers import handler_for
from campaign.outbox.models import Item, State


def sweep(limit: int = 500) -> int:
    """Put every expired row on its way again; how many there were."""
    return sweep_published(limit) + sweep_running(limit)


def sweep_published(limit: int) -> int:
    """Published and never begun: nothing happened, the row waits again."""
    with transaction.atomic():
        expired = Item.objects.expired().filter(state=State.PUBLISHED).select_for_update(skip_locked=True)
        ids = list(expired.values_list("pk", flat=True)[:limit])
        return Item.objects.filter(pk__in=ids).update(state=State.WAITING, leased_until=None)


def sweep_running(limit: int) -> int:
    """Begun and never settled: the handler says what that means."""
    swept = 0
    for _ in range(limit):
        with transaction.atomic():
            expired = Item.objects.expired().filter(state=State.RUNNING).select_for_update(skip_locked=True)
            if not (item := expired.first()):
                break
            handler = handler_for(item.kind)
            claims.fence(item)
            execution.settle(item, handler.abandoned(item), handler)
            swept += 1
    return swept
