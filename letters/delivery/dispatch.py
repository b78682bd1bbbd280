"""The outbox's part of a letter: the one item that carries it to its office.

It is of the kind DELIVERY, and of the kind IN_TURN once it waits for a channel that has a rate
(letters/delivery/rate_limit.py).
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef

from campaign.outbox import queue
from letters.models import Delivery

DELIVERY, IN_TURN = "letters.delivery", "letters.delivery-in-turn"
DELIVERY_KINDS = (DELIVERY, IN_TURN)


def send(delivery: Delivery, due_at: datetime | None = None) -> None:
    """Call it in the transaction that makes the letter ready."""
    item = queue.put(DELIVERY, subject=delivery.pk, payload={"delivery": delivery.pk}, due_at=due_at)
    Delivery.objects.filter(pk=delivery.pk).update(queued_item=item.pk)


def send_again(delivery: Delivery) -> None:
    """Try again the work that was given up, or put new work if that is gone."""
    if not queue.retry_subject(DELIVERY_KINDS, delivery.pk):
        send(delivery)


def call_off(ids: Iterable[int], *, with_lost: bool = False, with_begun: bool = False) -> None:
    """Take the work for these deliveries out, but for what a worker has in hand: it looks at their state.

    `with_lost`: also take out what a worker began and has not kept its lease on; `with_begun`: whatever there is.
    """
    queue.forget(DELIVERY_KINDS, ids, with_lost=with_lost, with_begun=with_begun)


def has_item() -> Exists:
    """Return the condition, for a query over deliveries, that there is work for a delivery."""
    return Exists(queue.find(DELIVERY_KINDS, OuterRef("pk")))


def is_in_hand() -> Exists:
    """Return the condition, for a query over deliveries, that a worker has a delivery's work at this moment."""
    return Exists(queue.find(DELIVERY_KINDS, OuterRef("pk")).leased())
