"""The outbox's part of a letter: the one item that carries it to its office.

It is of the kind DELIVERY, and of the kind IN_TURN once it waits for a channel that has a rate (letters/pacing.py).
"""

from collections.abc import Iterable
from datetime import datetime

from campaign.outbox import work
from campaign.outbox.models import Item, ItemQuerySet
from letters.models import Delivery

DELIVERY, IN_TURN = "letters.delivery", "letters.delivery-in-turn"


def send(delivery: Delivery, due_at: datetime | None = None) -> None:
    """Call it in the transaction that makes the letter ready."""
    item = work.put(DELIVERY, payload={"delivery": delivery.pk}, due_at=due_at)
    Delivery.objects.filter(pk=delivery.pk).update(queued_item=item.pk)


def send_again(delivery: Delivery) -> None:
    """By what was given up before, where that is still there."""
    dead = items_of([delivery.pk]).dead().first()
    if dead:
        work.retry(dead)
    else:
        send(delivery)


def call_off(ids: Iterable[int]) -> None:
    """Nothing more happens with these deliveries, but for what a worker has in hand: it looks at their state."""
    items_of(ids).idle().delete()


def items_of(ids: Iterable[int]) -> ItemQuerySet:
    return Item.objects.filter(pk__in=Delivery.objects.filter(pk__in=list(ids)).values("queued_item"))
