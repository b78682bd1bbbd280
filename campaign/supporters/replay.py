"""Apply to a restored database what the journal tells of those who unsubscribed."""

from collections import Counter
from collections.abc import Sequence

from campaign.journal.files import JournalLine
from campaign.journal.replay import Replayed
from campaign.outbox import queue
from campaign.secrecy.addresses import fingerprint
from campaign.supporters import subscriptions
from campaign.supporters.models import Subscriber, SubscriberState


def unsubscribe_again(lines: Sequence[JournalLine]) -> Replayed:
    """Unsubscribe those who had left, and let none of them join whose confirmation waits in this database."""
    marks = {line["id"]: line["mark"] for line in lines}
    subscribed = Subscriber.objects.filter(pk__in=marks).exclude(state=SubscriberState.UNSUBSCRIBED)
    left = [one.pk for one in subscribed if one.mark == marks[one.pk]]
    number = Subscriber.objects.filter(pk__in=left).unsubscribe()
    number += forget_joining({bytes.fromhex(line["of"]) for line in lines if "of" in line})
    return Replayed(+Counter({"unsubscribed": number}))


def forget_joining(prints: set[bytes]) -> int:
    """Remove what waits to join of these fingerprints: they had joined and left again in the time that was lost."""
    waiting = queue.waiting_items([subscriptions.JOIN, subscriptions.WISH])
    leaving = [item for item in waiting if fingerprint(item.secret["address"], subscriptions.PURPOSE) in prints]
    return queue.remove_items(leaving)
