"""Apply to a restored database what the journal tells of those who unsubscribed."""

from collections import Counter
from collections.abc import Sequence

from campaign.journal.files import JournalLine
from campaign.journal.replay import Replayed
from campaign.supporters import subscriptions
from campaign.supporters.models import Subscriber, SubscriberState


def unsubscribe_again(lines: Sequence[JournalLine]) -> Replayed:
    """Unsubscribe those who had left, and let none of them join whose confirmation waits in this database."""
    marks = {line["id"]: line["mark"] for line in lines}
    subscribed = Subscriber.objects.filter(pk__in=marks).exclude(state=SubscriberState.UNSUBSCRIBED)
    left = [one.pk for one in subscribed if one.mark == marks[one.pk]]
    number = Subscriber.objects.filter(pk__in=left).unsubscribe()
    # They had joined and left again in the time that was lost.
    left_meanwhile = {bytes.fromhex(line["of"]) for line in lines if "of" in line}
    number += subscriptions.forget_waiting(subscriptions.JOINING, left_meanwhile)
    return Replayed(+Counter({"unsubscribed": number}))
