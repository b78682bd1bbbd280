"""Who asked for news and never confirmed is forgotten."""

from datetime import timedelta

from django.db.models.functions import Now

from campaign.supporters.models import Subscriber, SubscriberState

UNCONFIRMED = timedelta(days=14)  # after the last mail that asked for it
BATCH = 5000


def delete_unconfirmed() -> int:
    """The number forgotten. Of those who were subscribed before, what stays is what unsubscribing leaves."""
    old = Subscriber.objects.pending().filter(created_at__lt=Now() - UNCONFIRMED)
    back = old.filter(confirmed_at__isnull=False).update(
        state=SubscriberState.UNSUBSCRIBED, address=None, token_digest=None
    )
    while deleted := Subscriber.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:BATCH])).delete()[0]:
        back += deleted
    return back
