"""Who asked for news and never confirmed is forgotten."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaign.supporters import purging, subscribing
from campaign.supporters.models import Subscriber
from campaign.supporters.retention import UNCONFIRMED

pytestmark = pytest.mark.django_db
PURGE = "campaign.supporters.retention.delete_unconfirmed"


def asked(address: str, *, ago: timedelta) -> Subscriber:
    subscriber = subscribing.upsert(address, "en")
    Subscriber.objects.filter(pk=subscriber.pk).update(created_at=timezone.now() - ago)
    return subscriber


def test_who_never_confirmed_is_forgotten_and_others_stay():
    asked("old@example.org", ago=UNCONFIRMED + timedelta(hours=1))
    waiting = asked("new@example.org", ago=UNCONFIRMED - timedelta(hours=1))
    confirmed = subscribing.join(address="yes@example.org", language="en")
    Subscriber.objects.filter(pk=confirmed.pk).update(created_at=timezone.now() - timedelta(days=900))
    assert purging.purge()[PURGE] == 1
    assert set(Subscriber.objects.all()) == {waiting, confirmed}


def test_asking_again_begins_the_time_anew():
    asked("ana@example.org", ago=UNCONFIRMED + timedelta(hours=1))
    subscribing.upsert("ana@example.org", "en")
    assert purging.purge()[PURGE] == 0


def test_who_was_subscribed_before_is_unsubscribed_again():
    """The ledger of issues sent names the row."""
    subscriber = subscribing.join(address="ana@example.org", language="en")
    subscribing.unsubscribe(token_digest=bytes(subscriber.unsubscribe_digest))
    asked("ana@example.org", ago=UNCONFIRMED + timedelta(hours=1))
    assert purging.purge()[PURGE] == 1
    subscriber.refresh_from_db()
    assert (subscriber.state, subscriber.address, subscriber.token_digest) == ("unsubscribed", None, None)
