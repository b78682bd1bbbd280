"""Forget those who asked for news and never confirmed."""

from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from campaign.supporters.models import Subscriber, SubscriberQuerySet

UNCONFIRMED = timedelta(days=14)  # after the last mail that asked them to confirm
BATCH = 5000


def delete_unconfirmed() -> int:
    """Forget unconfirmed subscribers; return how many.

    The rows of those who had been subscribed before stay, without the address, as after unsubscribing.
    """
    forgotten = stale().filter(confirmed_at__isnull=False).unsubscribe()
    while deleted := delete_batch():
        forgotten += deleted
    return forgotten


def stale() -> SubscriberQuerySet:
    return Subscriber.objects.pending().filter(created_at__lt=Now() - UNCONFIRMED)


@transaction.atomic
def delete_batch() -> int:
    """Delete one batch; return its size.

    Rows are locked: somebody who confirms at this moment is kept, or told that the link has expired.
    """
    ids = [subscriber.pk for subscriber in stale().select_for_update().only("pk")[:BATCH]]
    Subscriber.objects.filter(pk__in=ids).delete()
    return len(ids)
