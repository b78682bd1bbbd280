"""Addresses that get nothing more: by any form, for any purpose. What is kept of them is a keyed fingerprint."""

from django.db import transaction

from campaign.outbox.models import Suppression
from campaign.outbox.suppressions import fingerprint_of
from campaign.secrecy.addresses import fingerprint
from campaign.supporters.models import Subscriber
from campaign.supporters.subscribing import PURPOSE


@transaction.atomic
def suppress(address: str, cause: Suppression.Cause) -> bool:
    """True if it was not suppressed before. A subscription ends, and with it the address is forgotten."""
    print_ = fingerprint_of(address)
    _row, is_new = Suppression.objects.get_or_create(fingerprint=print_, defaults={"cause": cause})
    Subscriber.objects.filter(fingerprint=fingerprint(address, PURPOSE)).unsubscribe()
    return is_new
