"""Finding rows whose lease ran out: messages that Redis lost, workers that died."""

import logging

from django.db import DatabaseError, transaction

from campaign.outbox import claims, execution
from campaign.outbox.handlers import handler_for, kinds
from campaign.outbox.models import Item, State

logger = logging.getLogger(__name__)


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
    """Begun and never settled: the handler says what that means. Where it cannot, only that row waits."""
    swept, unclear = 0, list[int]()
    for _ in range(limit):
        with transaction.atomic():
            expired = Item.objects.expired().filter(state=State.RUNNING, kind__in=kinds()).exclude(pk__in=unclear)
            if not (item := expired.select_for_update(skip_locked=True).first()):
                break
            if settle_abandoned(item):
                swept += 1
            else:
                unclear.append(item.pk)
    return swept


def settle_abandoned(item: Item) -> bool:
    handler = handler_for(item.kind)
    try:
        with transaction.atomic():
            claims.fence(item)
            return execution.settle(item, handler.abandoned(item), handler)
    except DatabaseError:
        raise
    except Exception:  # of any kind: one row that cannot be told holds up no other
        logger.exception("what became of %s %s cannot be told", item.kind, item.pk)
        return False
