"""Whether an address gets nothing more from this site, asked by its fingerprint."""

from django.db import transaction

from campaign import audit
from campaign.outbox.models import Suppression
from campaign.secrecy.addresses import fingerprint

PURPOSE = "suppression"


def fingerprint_of(address: str) -> bytes:
    return fingerprint(address, PURPOSE)


def is_suppressed(address: str) -> bool:
    return bool(Suppression.objects.among([fingerprint_of(address)]))


@transaction.atomic
def find(address: str, *, by: str) -> Suppression | None:
    """For staff, and noted: whether one was found, not whose."""
    found = Suppression.objects.filter(fingerprint=fingerprint_of(address)).first()
    audit.note("suppression.looked-up", by=by, on="outbox.suppression", found=bool(found))
    return found
