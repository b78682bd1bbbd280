"""Find one subscriber by a whole address, for staff, and erase what is kept of one."""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from campaign import audit
from campaign.database import clock
from campaign.outbox import suppressions
from campaign.secrecy.addresses import fingerprint
from campaign.supporters import subscriptions
from campaign.supporters.models import Subscriber, SubscriberState
from campaign.supporters.models.subscriber import ClockTimestamp

WHAT = "supporters.subscriber"


@dataclass(frozen=True)
class FoundSubscriber:
    subscriber: Subscriber | None
    is_shut_out: bool  # by a bounce or a complaint; “it wasn't me” is not told, as it tells of signing


@transaction.atomic
def find(address: str, *, by: str, reason: str) -> FoundSubscriber:
    """Look an address up among those who joined. The audit has why, and whether one was found, not which address."""
    joined = Subscriber.objects.joined().select_related("source", "consent")
    found = joined.filter(fingerprint=fingerprint(address, subscriptions.PURPOSE)).first()
    audit.note("subscriber.looked-up", by=by, on=WHAT, found=bool(found), reason=reason)
    return FoundSubscriber(found, bool(found and found.ended_by) and suppressions.is_suppressed(address))


@transaction.atomic
def erase(address: str, *, by: str, reason: str) -> None:
    """Delete what is kept of an address, what waits to join, and the mail that would ask for confirmation.

    A row stays that holds the keyed fingerprint alone, with which no import brings them back. It is the same for one
    who had joined, had only asked, or was not known.
    """
    print_ = fingerprint(address, subscriptions.PURPOSE)
    subscriptions.forget_waiting([*subscriptions.JOINING, subscriptions.CONFIRMATION], {print_})
    known = Subscriber.objects.filter(fingerprint=print_)
    before = known.select_for_update().first() or subscriptions.new_subscriber(address, settings.LANGUAGE_CODE)
    known.unsubscribe()
    known.delete()
    bare_row(before).save(force_insert=True)
    audit.note("subscriber.erased", by=by, on=WHAT, reason=reason)


def bare_row(before: Subscriber) -> Subscriber:
    """Return a new row by which an import finds that this address left, and the link in mails that they have works.

    What a worker has in hand for the address was asked for before the moment of leaving, so it does nothing.
    """
    today = clock.start_of_day()
    return Subscriber(
        fingerprint=before.fingerprint,
        state=SubscriberState.UNSUBSCRIBED,
        consent=subscriptions.current_consent(settings.LANGUAGE_CODE),
        nonce=before.nonce,
        unsubscribe_digest=before.unsubscribe_digest,
        created_at=today,
        confirmed_at=today,
        unsubscribed_at=ClockTimestamp(),
    )
