"""Subscribers join in batches, so that no row tells when, or by which form, somebody asked for news.

Whoever ticks the box while signing, and whoever uses the form of the newsletter, confirms by a mailed link. What they
confirm waits in the outbox, under the key of a day (JOIN in campaign/supporters/subscriptions.py). At least ten who
wait, or all as soon as one has waited for seven days, are shuffled and become subscribers in one transaction that has
nothing to do with any signature: with new ids, and with the day as their only date. A batch of one would pair a signer
and a subscriber on a quiet day.
"""

import random
from collections.abc import Iterator, Sequence

from django.db import transaction

from campaign.database import clock
from campaign.outbox import queue, suppressions
from campaign.outbox.handlers import Done, Handler, Item, Result, Together
from campaign.secrecy import tokens
from campaign.secrecy.addresses import fingerprint
from campaign.supporters import subscriptions
from campaign.supporters.models import Subscriber, SubscriberState
from campaign.web.statistics.disclosure_control import SMALLEST_CELL

LARGEST_BATCH = 5000


def number_waiting() -> int | None:
    """Return how many wait to join, of LARGEST_BATCH at most; None if so few that each could be found."""
    number = queue.waiting(subscriptions.JOIN, most=LARGEST_BATCH)
    return number if number >= SMALLEST_CELL else None


class WishHandler(Handler):
    """Is given wishes whose link was not used in time: nothing happens, and the address is forgotten."""

    def run(self, items: Sequence[Item]) -> Iterator[Result]:
        for item in items:
            yield item, Done()


class JoinHandler(Handler):
    """Is given those who have waited for the longest; all others who wait join with them."""

    batch_size = LARGEST_BATCH

    def run(self, items: Sequence[Item]) -> Iterator[Result]:
        if items:  # of a message that comes late none is won
            yield Together(items, join_with_others)


def join_waiting() -> int:
    """Let those who wait join, if they are enough; return how many did."""
    with transaction.atomic():
        is_enough = queue.waiting(subscriptions.JOIN, most=SMALLEST_CELL) >= SMALLEST_CELL
        return join_with_others([]) if is_enough else 0


def join_with_others(items: Sequence[Item]) -> int:
    """Subscribe the owners of these items and of all that wait, in an order that tells nothing; return how many.

    Suppressed addresses do not join, and are forgotten.
    """
    together = [*items, *queue.take(subscriptions.JOIN, most=LARGEST_BATCH)]
    random.SystemRandom().shuffle(together)
    refused = suppressions.among(item.secret["address"] for item in together)
    prints = [fingerprint(address, subscriptions.PURPOSE) for address in refused]
    Subscriber.objects.unconfirmed().filter(fingerprint__in=prints).unsubscribe()
    return sum(subscribe(item) for item in together if item.secret["address"] not in refused)


def subscribe(item: Item) -> bool:
    """Enter the subscriber; return False if they are one, or have unsubscribed since."""
    address, language = item.secret["address"], item.payload["language"]
    print_ = fingerprint(address, subscriptions.PURPOSE)
    known = Subscriber.objects.select_for_update().filter(fingerprint=print_).first()
    if known is None:
        fresh = subscriptions.new_subscriber(address, language)
    elif known.state == SubscriberState.CONFIRMED or subscriptions.has_left_since(known, item):
        return False
    else:
        fresh = renewed_subscriber(known, address, language)
    today = clock.start_of_day()
    fresh.state, fresh.unsubscribed_at = SubscriberState.CONFIRMED, None
    fresh.created_at = fresh.confirmed_at = today
    fresh.save()
    return True


def renewed_subscriber(known: Subscriber, address: str, language: str) -> Subscriber:
    """Return the row of somebody who is known; that of one who never was a subscriber gets a new id.

    Links in mails that they have keep working, as the row keeps its nonce and digests.
    """
    if known.confirmed_at is not None:  # an import that they came by once is not how they come back
        known.source, known.country, known.ended_by = None, "", ""
    known.address, known.language = address, language
    known.consent = subscriptions.current_consent(language)
    known.token_digest = tokens.digest(subscriptions.confirm_token(bytes(known.nonce)))
    if known.confirmed_at is None:
        Subscriber.objects.filter(pk=known.pk).delete()
        known.pk = None
    return known
