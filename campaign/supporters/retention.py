"""Who asked for news and never confirmed is forgotten."""

from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from campaign.supporters.models import Subscriber, SubscriberQuerySet

UNCONFIRMED = timedelta(days=14)  # after the last mail that asked for it
BATCH = 5000


def delete_unconfirmed() -> int:
    """The number forgotten. Of those who were subscribed before, what stays is what unsubscribing leaves."""
    forgotten = stale().filter(confirmed_at__isnull=False).unsubscribe()
    while deleted := delete_batch():
        forgotten += deleted
    return forgotten


def stale() -> SubscriberQuerySet:
    return Subscriber.objects.pending().filter(created_at__lt=Now() - UNCONFIRMED)


@transaction.atomic
def delete_batch() -> int:
    """Locked: who confirms at this moment is kept, or told that the link has ended."""
    ids = [subscriber.pk for subscriber in stale().select_for_update().only("pk")[:BATCH]]
    Subscriber.objects.filter(pk__in=ids).delete()
    return len(ids)
