"""Suppress addresses, which then get no mail for any purpose. Only a keyed fingerprint of them is kept."""

from django.db import transaction

from campaign.outbox import suppressions
from campaign.secrecy.addresses import fingerprint
from campaign.supporters.models import Subscriber, SubscriptionEnding
from campaign.supporters.subscriptions import PURPOSE


@transaction.atomic
def suppress(address: str, cause: suppressions.Cause) -> bool:
    """Suppress an address and end its subscription; return True if it was not suppressed before."""
    is_new = suppressions.add(suppressions.fingerprint_of(address), cause)
    ended_by = cause.value if cause.value in SubscriptionEnding.values else ""
    Subscriber.objects.filter(fingerprint=fingerprint(address, PURPOSE)).unsubscribe(ended_by)
    return is_new
