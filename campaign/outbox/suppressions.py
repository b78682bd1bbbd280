"""Addresses that get nothing more from this site, known by their fingerprints alone."""

from collections.abc import Iterable

from django.db import transaction

from campaign import audit
from campaign.database import clock
from campaign.journal import journal
from campaign.outbox.models import Cause, Suppression, SuppressionQuerySet
from campaign.secrecy.addresses import fingerprint

__all__ = ["Cause", "add", "among", "by_cause", "find", "fingerprint_of", "is_suppressed", "lift"]

PURPOSE = "suppression"


def fingerprint_of(address: str) -> bytes:
    return fingerprint(address, PURPOSE)


def add(print_: bytes, cause: Cause) -> bool:
    """Suppress the address with this fingerprint; return False if it was suppressed before.

    Only the day is kept: the second would tell of which act on the site it was part.
    """
    made = {"cause": cause, "created_at": clock.start_of_day()}
    is_new = Suppression.objects.get_or_create(fingerprint=print_, defaults=made)[1]
    if is_new:
        journal.record("suppression", of=print_.hex(), cause=cause)
    return is_new


@transaction.atomic
def lift(suppressed: SuppressionQuerySet) -> None:
    """Let mail go to these addresses again."""
    prints = [bytes(print_) for print_ in suppressed.values_list("fingerprint", flat=True)]
    suppressed.delete()
    journal.record_many("suppression", ({"of": print_.hex(), "cause": ""} for print_ in prints))


def is_suppressed(address: str) -> bool:
    return bool(among([address]))


def among(addresses: Iterable[str]) -> set[str]:
    """Return those of the addresses that are suppressed, in one query."""
    prints = {address: fingerprint_of(address) for address in addresses}
    suppressed = Suppression.objects.among(prints.values())
    return {address for address, print_ in prints.items() if print_ in suppressed}


def by_cause() -> list[tuple[str, int, int]]:
    """Return each cause in words, how many addresses it has, and how many of these since seven days ago."""
    return Suppression.objects.by_cause()


@transaction.atomic
def find(address: str, *, by: str, reason: str) -> Suppression | None:
    """Look up an address for staff. The audit records why, and whether one was found, not of which address."""
    found = Suppression.objects.filter(fingerprint=fingerprint_of(address)).first()
    audit.note("suppression.looked-up", by=by, on="outbox.suppression", found=bool(found), reason=reason)
    return found
