"""Find rows whose lease ran out, because Redis lost a message or a worker died."""

import logging

from django.db import DatabaseError, transaction

from campaign.outbox import claims, execution
from campaign.outbox.handlers import handler_for, kinds
from campaign.outbox.models import Item, State

logger = logging.getLogger(__name__)


def sweep(limit: int = 500) -> int:
    """Put expired rows on their way again; return how many."""
    return sweep_published(limit) + sweep_running(limit)


def sweep_published(limit: int) -> int:
    """Let rows wait again that were published and never begun; nothing has happened to them."""
    with transaction.atomic():
        expired = Item.objects.expired().filter(state=State.PUBLISHED).select_for_update(skip_locked=True)
        ids = list(expired.values_list("pk", flat=True)[:limit])
        return Item.objects.filter(pk__in=ids).update(state=State.WAITING, leased_until=None)


def sweep_running(limit: int) -> int:
    """Settle rows that were begun and never settled, as their handler says; if it fails, only that row waits."""
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
    except Exception:  # of any kind, so that one row that cannot be settled holds up no other
        logger.exception("what became of %s %s cannot be told", item.kind, item.pk)
        return False
