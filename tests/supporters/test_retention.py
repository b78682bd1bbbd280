"""Who asked for news and never confirmed is forgotten."""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from campaign.supporters import purging, retention, subscribing
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


@pytest.mark.django_db(transaction=True)
def test_who_confirms_while_others_are_forgotten_is_subscribed_or_told_that_the_link_has_ended():
    digest = bytes(asked("ana@example.org", ago=UNCONFIRMED + timedelta(hours=1)).token_digest or b"")
    with ThreadPoolExecutor(1) as pool:
        confirmed = list[Future[bool]]()

        def confirm_once_they_are_chosen(execute, sql, params, many, context):
            result = execute(sql, params, many, context)
            if sql.startswith("SELECT") and not confirmed:
                confirmed.append(pool.submit(confirm_elsewhere, digest))
                wait_until_done_or_blocked(confirmed[0])
            return result

        with connection.execute_wrapper(confirm_once_they_are_chosen):
            retention.delete_unconfirmed()
    assert confirmed[0].result() == Subscriber.objects.confirmed().exists()


def confirm_elsewhere(digest: bytes) -> bool:
    try:
        return subscribing.confirm(token_digest=digest)
    finally:
        connection.close()


def wait_until_done_or_blocked(other: Future[bool]) -> None:
    ends_at = time.monotonic() + 20
    with connection.cursor() as cursor:
        while not other.done():
            cursor.execute("SELECT FROM pg_locks WHERE NOT granted")
            if cursor.rowcount:
                return
            assert time.monotonic() < ends_at, "neither done nor blocked"


def test_who_was_subscribed_before_is_unsubscribed_again():
    """The ledger of issues sent names the row."""
    subscriber = subscribing.join(address="ana@example.org", language="en")
    subscribing.unsubscribe(token_digest=bytes(subscriber.unsubscribe_digest))
    asked("ana@example.org", ago=UNCONFIRMED + timedelta(hours=1))
    assert purging.purge()[PURGE] == 1
    subscriber.refresh_from_db()
    assert (subscriber.state, subscriber.address, subscriber.token_digest) == ("unsubscribed", None, None)
