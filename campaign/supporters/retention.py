"""Forget those who asked for news and never confirmed, or confirmed and could not join."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from campaign.supporters.models import Subscriber, SubscriberQuerySet, SubscriberState
from campaign.supporters.subscriptions import LONGEST_JOIN_WAIT

UNCONFIRMED = timedelta(days=14)  # after the last mail that asked them to confirm
NOT_JOINED = UNCONFIRMED + 2 * LONGEST_JOIN_WAIT  # twice, as the batch may come late
BATCH = 5000


def delete_unconfirmed() -> int:
    """Forget unconfirmed subscribers; return how many.

    The rows of those who had been subscribed before, or had left, stay without the address, as after unsubscribing.
    """
    forgotten = stale().filter(Q(confirmed_at__isnull=False) | Q(unsubscribed_at__isnull=False)).unsubscribe()
    while deleted := delete_batch():
        forgotten += deleted
    return forgotten


def stale() -> SubscriberQuerySet:
    """Return those who have not confirmed, and those who have but whose item in the outbox was lost."""
    is_stuck = Q(created_at__lt=Now() - NOT_JOINED)
    is_ignored = Q(state=SubscriberState.PENDING, created_at__lt=Now() - UNCONFIRMED)
    return Subscriber.objects.unconfirmed().filter(is_stuck | is_ignored)


@transaction.atomic
def delete_batch() -> int:
    """Delete one batch; return its size.

    Rows are locked: somebody who confirms at this moment is kept, or told that the link has expired.
    """
    ids = [subscriber.pk for subscriber in stale().select_for_update().only("pk")[:BATCH]]
    Subscriber.objects.filter(pk__in=ids).delete()
    return len(ids)
