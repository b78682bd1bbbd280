"""Who asked for news and never confirmed is forgotten."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from campaign.supporters import purges, retention, subscriptions
from campaign.supporters.models import Subscriber
from campaign.supporters.retention import UNCONFIRMED
from tests.race import race
from tests.supporters.joins import let_join

pytestmark = pytest.mark.django_db
PURGE = "campaign.supporters.retention.delete_unconfirmed"


def asked(address: str, *, ago: timedelta) -> Subscriber:
    subscriber = subscriptions.upsert(address, "en")
    Subscriber.objects.filter(pk=subscriber.pk).update(created_at=timezone.now() - ago)
    return subscriber


def test_who_never_confirmed_is_forgotten_and_others_stay():
    asked("old@example.org", ago=UNCONFIRMED + timedelta(hours=1))
    waiting = asked("new@example.org", ago=UNCONFIRMED - timedelta(hours=1))
    confirmed = subscriptions.join(address="yes@example.org", language="en")
    Subscriber.objects.filter(pk=confirmed.pk).update(created_at=timezone.now() - timedelta(days=900))
    assert purges.purge_all()[PURGE] == 1
    assert set(Subscriber.objects.all()) == {waiting, confirmed}


def test_whoever_confirmed_and_never_joined_is_forgotten_once_no_batch_can_take_them_any_more():
    """As after their item in the outbox lost its key."""
    for address, late in (("stuck@example.org", timedelta(hours=1)), ("waits@example.org", -timedelta(hours=1))):
        subscriber = asked(address, ago=UNCONFIRMED + 2 * subscriptions.LONGEST_JOIN_WAIT + late)
        subscriptions.confirm(token_digest=bytes(subscriber.token_digest or b""), language="en")
    assert purges.purge_all()[PURGE] == 1
    assert [str(subscriber.address) for subscriber in Subscriber.objects.all()] == ["waits@example.org"]


def test_asking_again_begins_the_time_anew():
    asked("ana@example.org", ago=UNCONFIRMED + timedelta(hours=1))
    subscriptions.upsert("ana@example.org", "en")
    assert purges.purge_all()[PURGE] == 0


@pytest.mark.django_db(transaction=True)
def test_who_confirms_while_others_are_forgotten_is_subscribed_or_told_that_the_link_has_ended():
    digest = bytes(asked("ana@example.org", ago=UNCONFIRMED + timedelta(hours=1)).token_digest or b"")
    _forgotten, confirmed = race(
        retention.delete_unconfirmed, partial(subscriptions.confirm, language="en", token_digest=digest), after="SELECT"
    )
    let_join()
    assert confirmed.result() == Subscriber.objects.confirmed().exists()


def test_who_was_subscribed_before_is_unsubscribed_again():
    """The ledger of issues sent names the row."""
    subscriber = subscriptions.join(address="ana@example.org", language="en")
    subscriptions.unsubscribe(token_digest=bytes(subscriber.unsubscribe_digest))
    asked("ana@example.org", ago=UNCONFIRMED + timedelta(hours=1))
    assert purges.purge_all()[PURGE] == 1
    subscriber.refresh_from_db()
    assert (subscriber.state, subscriber.address, subscriber.token_digest) == ("unsubscribed", None, None)


def test_who_left_before_ever_confirming_and_was_typed_again_is_kept_as_one_who_left():
    """Else a list that comes later would enter them."""
    asked("ana@example.org", ago=timedelta())
    Subscriber.objects.all().unsubscribe()
    asked("ana@example.org", ago=UNCONFIRMED + timedelta(hours=1))
    assert purges.purge_all()[PURGE] == 1
    left = Subscriber.objects.get()
    assert (left.state, left.address, left.confirmed_at) == ("unsubscribed", None, None)
