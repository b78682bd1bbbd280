"""Subscribers join in batches; nothing in the database ties one to a signature, or to a moment."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.db.models import F
from django.test import Client
from django.utils import timezone

from campaign.outbox import suppressions
from campaign.outbox.models import Item, Suppression
from campaign.secrecy.models import Period
from campaign.secrecy.periods import boxes
from campaign.secrecy.periods.keys import Purpose
from campaign.supporters import joining, subscriptions
from campaign.supporters.models import Subscriber
from petitions.models import Signature
from petitions.signing import confirming
from tests.petitions.factories import make_petition, token_of
from tests.supporters.joins import let_join

pytestmark = pytest.mark.django_db(transaction=True)

TYPED = {"name": "Ana Test", "country": "DE", "updates": "on"}


def sign(client: Client, address: str, **typed: str) -> None:
    client.post("/petitions/stop/", {**TYPED, **typed, "email": address})


@pytest.fixture
def confirmed_signers(client: Client, outbox_drained: Any) -> Any:
    """Sign and confirm this many, each of whom ticked the box."""

    def confirmed(number: int) -> list[str]:
        addresses = [f"reader{one}@example.org" for one in range(number)]
        for address in addresses:
            sign(client, address)
        outbox_drained()
        for signature in Signature.objects.order_by("pk"):
            assert confirming.confirm(token_of(signature))
        return addresses

    make_petition()
    return confirmed


def transactions(table: str) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT xmin::text::bigint FROM {table}")  # noqa: S608  # a name of this module
        return {xmin for (xmin,) in cursor}


def test_nothing_of_a_subscriber_stands_in_the_transaction_of_a_signature(confirmed_signers):
    confirmed_signers(12)
    assert joining.join_waiting() == 12
    assert not transactions("petitions_signature") & transactions("supporters_subscriber")
    assert not Item.objects.filter(kind__startswith="supporters.").exists()


def test_all_of_a_batch_have_one_date_and_no_time(confirmed_signers):
    confirmed_signers(12)
    joining.join_waiting()
    ((created_at, confirmed_at),) = set(Subscriber.objects.values_list("created_at", "confirmed_at"))
    assert created_at == confirmed_at
    assert (confirmed_at.hour, confirmed_at.minute, confirmed_at.second, confirmed_at.microsecond) == (0, 0, 0, 0)


def test_the_order_of_subscribers_is_not_that_of_signatures(confirmed_signers):
    addresses = confirmed_signers(40)
    joining.join_waiting()
    joined = [str(subscriber.address) for subscriber in Subscriber.objects.order_by("pk")]
    assert sorted(joined) == sorted(addresses)
    assert joined != addresses


def test_fewer_than_ten_wait_for_others_and_after_seven_days_for_nobody(confirmed_signers, outbox_drained):
    confirmed_signers(9)
    assert joining.join_waiting() == 0
    outbox_drained()
    assert not Subscriber.objects.exists()
    first = Item.objects.filter(kind=subscriptions.JOIN).earliest("due_at")
    Item.objects.filter(pk=first.pk).update(due_at=F("due_at") - timedelta(days=7))
    outbox_drained()
    assert Subscriber.objects.confirmed().count() == 9


def test_once_confirmed_nothing_that_waits_names_a_signature(confirmed_signers):
    confirmed_signers(3)
    assert {(item.subject, frozenset(item.payload)) for item in Item.objects.filter(kind=subscriptions.JOIN)} == {
        (None, frozenset({"language"}))
    }


def test_who_used_the_form_cannot_be_told_from_who_signed(client, confirmed_signers, outbox_drained):
    confirmed_signers(9)
    client.post("/newsletter/", {"email": "form@example.org"})
    outbox_drained()
    pending = Subscriber.objects.get()
    assert subscriptions.confirm(language="en", token_digest=bytes(pending.token_digest or b""))
    assert joining.join_waiting() == 10
    rows = Subscriber.objects.values_list("state", "created_at", "confirmed_at", "unsubscribed_at")
    assert len(set(rows)) == 1
    assert min(Subscriber.objects.values_list("pk", flat=True)) > pending.pk


def test_the_link_of_the_form_still_works_after_joining(client, outbox_drained):
    client.post("/newsletter/", {"email": "form@example.org"})
    outbox_drained()
    digest = bytes(Subscriber.objects.get().token_digest or b"")
    assert subscriptions.confirm(language="en", token_digest=digest)
    let_join()
    assert subscriptions.confirm(language="en", token_digest=digest)
    assert let_join() == 0
    assert Subscriber.objects.confirmed().count() == 1


def test_who_unsubscribes_before_the_batch_does_not_join(client, outbox_drained):
    client.post("/newsletter/", {"email": "form@example.org"})
    outbox_drained()
    pending = Subscriber.objects.get()
    subscriptions.confirm(language="en", token_digest=bytes(pending.token_digest or b""))
    subscriptions.unsubscribe(token_digest=bytes(pending.unsubscribe_digest))
    assert let_join() == 0
    assert not Subscriber.objects.confirmed().exists()


def test_who_comes_back_and_unsubscribes_again_before_the_batch_does_not_join(client, outbox_drained):
    before = subscriptions.join(address="form@example.org", language="en")
    subscriptions.unsubscribe(token_digest=bytes(before.unsubscribe_digest))
    client.post("/newsletter/", {"email": "form@example.org"})
    outbox_drained()
    subscriptions.confirm(language="en", token_digest=bytes(Subscriber.objects.get().token_digest or b""))
    subscriptions.unsubscribe(token_digest=bytes(before.unsubscribe_digest))
    assert let_join() == 0


def test_who_comes_back_joins_again(client, outbox_drained):
    before = subscriptions.join(address="form@example.org", language="en")
    subscriptions.unsubscribe(token_digest=bytes(before.unsubscribe_digest))
    client.post("/newsletter/", {"email": "form@example.org"})
    outbox_drained()
    subscriptions.confirm(language="en", token_digest=bytes(Subscriber.objects.get().token_digest or b""))
    assert let_join() == 1
    assert Subscriber.objects.confirmed().get().pk == before.pk  # issues that they got are still theirs


def test_a_suppressed_address_does_not_join(confirmed_signers):
    (address,) = confirmed_signers(1)
    suppressions.add(suppressions.fingerprint_of(address), suppressions.Cause.NOT_ME)
    assert let_join() == 0
    assert not Subscriber.objects.exists()


def test_whoever_used_the_form_and_is_suppressed_before_the_batch_is_forgotten_and_can_ask_anew(client, outbox_drained):
    address = "form@example.org"
    client.post("/newsletter/", {"email": address})
    outbox_drained()
    subscriptions.confirm(language="en", token_digest=bytes(Subscriber.objects.get().token_digest or b""))
    suppressions.add(suppressions.fingerprint_of(address), suppressions.Cause.NOT_ME)
    assert let_join() == 0
    forgotten = Subscriber.objects.get()
    assert (forgotten.state, forgotten.address, forgotten.token_digest) == ("unsubscribed", None, None)
    suppressions.lift(Suppression.objects.all())
    assert subscriptions.upsert(address, "en").state == "pending"


def test_a_batch_does_without_those_whose_key_is_gone(confirmed_signers, settings, tmp_path):
    """As after a restore of a backup that is older than the last night."""
    addresses = confirmed_signers(3)
    boxes.sealers.clear()
    settings.KEY_FOLDER = tmp_path / "other"  # holds another key, and none of those before
    Period.objects.all().delete()
    boxes.seal(b"", Purpose.SHORT)
    boxes.agreements.clear()
    assert let_join() == 0
    assert Item.objects.filter(kind=subscriptions.JOIN).count() == len(addresses)
    boxes.sealers.clear()


def test_a_wish_whose_link_was_not_used_is_forgotten(client, outbox_drained):
    make_petition()
    sign(client, "ana@example.org")
    outbox_drained()
    Item.objects.filter(kind=subscriptions.WISH).update(due_at=timezone.now() - timedelta(minutes=1))
    outbox_drained()
    assert not Item.objects.filter(kind__startswith="supporters.").exists()
    assert not Subscriber.objects.exists()


def test_a_wish_goes_with_its_signature(client, outbox_drained):
    make_petition()
    sign(client, "ana@example.org")
    outbox_drained()
    assert Item.objects.filter(kind=subscriptions.WISH).count() == 1
    confirming.disown(token_of(Signature.objects.get()), "")
    assert not Item.objects.filter(kind=subscriptions.WISH).exists()


def test_who_asks_for_the_mail_again_has_one_wish(client, outbox_drained):
    make_petition()
    for _time in range(2):
        sign(client, "ana@example.org")
        outbox_drained()
    assert Item.objects.filter(kind=subscriptions.WISH).count() == 1


def test_who_signs_again_without_the_tick_gets_no_news(client, outbox_drained):
    make_petition()
    sign(client, "ana@example.org")
    outbox_drained()
    client.post("/petitions/stop/", {"name": "Ana", "email": "ana@example.org", "country": "DE"})
    outbox_drained()
    assert not Item.objects.filter(kind=subscriptions.WISH).exists()
    assert confirming.confirm(token_of(Signature.objects.get()))
    outbox_drained()
    assert not Subscriber.objects.exists()


def sign_with(client: Client, *, is_ticked: bool) -> None:
    news = {"updates": "on"} if is_ticked else {}
    client.post("/petitions/stop/", {"name": "Ana", "email": "ana@example.org", "country": "DE", **news})


@pytest.mark.parametrize("first", [True, False], ids=["ticked, then not", "not ticked, then ticked"])
def test_the_newest_answer_about_news_holds_also_if_its_mail_is_faster(client, outbox_drained, first):
    make_petition()
    sign_with(client, is_ticked=first)
    held_back = Item.objects.get(kind="petitions.confirmation")
    Item.objects.update(due_at=timezone.now() + timedelta(hours=5))
    sign_with(client, is_ticked=not first)
    outbox_drained()
    assert Item.objects.filter(kind=subscriptions.WISH).exists() is not first
    Item.objects.filter(pk=held_back.pk).update(due_at=timezone.now())
    outbox_drained()
    assert Item.objects.filter(kind=subscriptions.WISH).exists() is not first
    assert Item.objects.filter(kind="petitions.reminder").count() == 1


def test_the_mail_s_link_says_nothing_of_news(client, outbox_drained):
    make_petition()
    sign(client, "ana@example.org")
    outbox_drained()
    assert "news=" not in mail.outbox[0].body
