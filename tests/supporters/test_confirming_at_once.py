"""Two processes that act on one subscriber at the same moment."""

from functools import partial

import pytest

from campaign.outbox.models import Item
from campaign.supporters import subscriptions
from campaign.supporters.models import Subscriber
from tests.race import race
from tests.supporters.joins import let_join

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "ana@example.org"


def test_a_link_used_in_two_processes_at_once_subscribes_once():
    digest = bytes(subscriptions.upsert(ADDRESS, "en").token_digest or b"")
    confirm = partial(subscriptions.confirm, language="en", token_digest=digest)
    first, second = race(confirm, confirm, after="UPDATE")
    assert (first.result(), second.result()) == (True, True)
    assert Item.objects.filter(kind=subscriptions.JOIN).count() == 1
    let_join()
    assert Subscriber.objects.confirmed().count() == 1


def test_who_confirms_while_they_unsubscribe_elsewhere_is_unsubscribed():
    subscriber = subscriptions.upsert(ADDRESS, "en")
    confirm = partial(subscriptions.confirm, language="en", token_digest=bytes(subscriber.token_digest or b""))
    leave = partial(subscriptions.unsubscribe, token_digest=bytes(subscriber.unsubscribe_digest))
    confirmed, left = race(confirm, leave, after="UPDATE")
    assert (confirmed.result(), left.result()) == (True, True)
    let_join()
    assert not Subscriber.objects.confirmed().exists()


def test_who_comes_back_by_two_signatures_at_once_has_one_link_that_ends_it():
    subscriber = subscriptions.join(address=ADDRESS, language="en")
    subscriptions.unsubscribe(token_digest=bytes(subscriber.unsubscribe_digest))
    join = partial(subscriptions.join, address=ADDRESS, language="en")
    first, second = race(join, join, after='FROM "supporters_subscriber"')
    digests = {bytes(one.result().unsubscribe_digest) for one in (first, second)}
    assert digests == {bytes(Subscriber.objects.get().unsubscribe_digest)}
