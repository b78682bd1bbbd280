"""The outbox's handler for letters (letters/delivery/handler.py): case 18, and what must never be sent."""

from collections import Counter
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core import mail
from django.db import connection

from campaign.outbox import claims, execution
from campaign.outbox.models import Item
from campaign.secrecy.encryption import encrypt
from campaign.secrecy.periods import boxes
from letters.delivery import attempts, staff_actions
from letters.delivery.channels import Channels
from letters.delivery.handler import DeliveryHandler
from letters.models import Attempt, ChannelStatus, Delivery, Letter, Office, SandboxMessage
from letters.models import Outcome as Result
from letters.models.delivery_states import State
from letters.submission import workflow
from tests.letters.factories import (
    begin,
    make_addressed_office,
    make_campaign,
    make_confirmed,
    make_due,
    make_offices,
    make_ready,
    states,
)

pytestmark = pytest.mark.django_db
KIND = "letters.delivery"


def test_by_default_the_sandbox_writes_down_exactly_what_was_confirmed_and_opens_no_socket(outbox_drained, no_network):
    constituent = make_confirmed(make_campaign(), make_offices())
    Item.objects.filter(kind="letters.confirmation").delete()
    make_due()
    outbox_drained()
    assert set(states(constituent).values()) == {State.ACCEPTED}
    for delivery in Delivery.objects.select_related("letter__constituent", "sandbox_message"):
        letter = delivery.letter.message
        assert delivery.sandbox_message.message == f"{letter.subject}\n\n{letter.text}"
        assert delivery.sandbox_message.sha256 == delivery.message_sha256 == letter.sha256
        assert "Ana Núñez\n100 Example St\nSanta Fe, NM 87501" in delivery.sandbox_message.message
    assert [attempt.outcome for attempt in Attempt.objects.all()] == [Result.ACCEPTED, Result.ACCEPTED]
    assert not Item.objects.exists()
    assert not mail.outbox


def test_where_only_the_sandbox_is_allowed_no_other_channel_is_even_made(settings):
    settings.LETTER_CHANNELS = ["sandbox"]
    channels = Channels()
    assert channels.of(make_addressed_office()).name == "sandbox"
    assert set(channels.made) == {"sandbox"}


def test_staff_order_the_channels_of_an_office():
    assert Channels().of(make_addressed_office()).name == "email"
    assert (
        Channels().of(make_addressed_office(directory_id="X000001", area="AZ", channels=["sandbox", "email"])).name
        == "sandbox"
    )


def test_a_letter_taken_back_at_the_last_moment_is_not_sent():
    delivery = make_ready()
    items = begin()
    workflow.withdraw(delivery)
    for result in DeliveryHandler().run(items):
        execution.settle_result(result, DeliveryHandler(), Counter())
    assert not SandboxMessage.objects.exists()
    assert not Item.objects.filter(kind=KIND).exists()


def test_letters_to_a_senator_who_has_left_are_held_until_somebody_holds_the_seat(outbox_drained):
    delivery = make_ready()
    Office.objects.update(is_current=False)
    outbox_drained()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.held_because) == (State.READY, "the senator is no longer in office")
    assert not SandboxMessage.objects.exists()
    Office.objects.update(is_current=True)
    staff_actions.retry(delivery)
    outbox_drained()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.held_because) == (State.ACCEPTED, "")


def test_without_a_channel_a_letter_waits_and_no_attempt_is_spent(outbox_drained, settings):
    settings.LETTER_CHANNELS = ["email"]
    make_ready()
    outbox_drained()
    item = Item.objects.get(kind=KIND)
    assert (item.state, item.attempts) == ("waiting", 0)
    assert Delivery.objects.get().state == State.READY


def test_a_channel_that_staff_have_paused_lets_nothing_go_and_no_attempt_is_spent(outbox_drained):
    delivery = make_ready()
    channel = ChannelStatus.objects.of("sandbox")
    channel.pause("paused by staff")
    outbox_drained()
    assert (Item.objects.get(kind=KIND).state, Item.objects.get(kind=KIND).attempts) == ("waiting", 0)
    channel.resume()
    make_due()
    outbox_drained()
    delivery.refresh_from_db()
    assert delivery.state == State.ACCEPTED


def test_a_text_that_is_not_the_confirmed_one_is_never_sent(outbox_drained):
    delivery = make_ready()
    Letter.objects.update(content={"subject": "Please", "body": "Somebody changed this in the database."})
    outbox_drained()
    delivery.refresh_from_db()
    assert delivery.state == State.DEAD
    assert not SandboxMessage.objects.exists()


def test_a_letter_that_cannot_be_read_is_given_up_and_the_others_go_on(outbox_drained):
    campaign = make_campaign()
    offices = make_offices()
    poisoned = make_confirmed(campaign, offices[:1])
    healthy = make_confirmed(campaign, offices[1:], email="bo@example.org")
    Letter.objects.filter(constituent=poisoned).update(content={"subject": "Please"})
    for _ in range(DeliveryHandler.max_attempts + 1):
        make_due()
        outbox_drained()
    assert set(states(healthy).values()) == {State.ACCEPTED}
    assert Delivery.objects.get(letter__constituent=poisoned).state == State.DEAD


def test_a_message_that_celery_repeats_delivers_once():
    make_ready()
    pairs = [(pk, token) for pk, token, _ in claims.claim(KIND, limit=10, lease=timedelta(minutes=1))]
    for _ in range(3):
        execution.execute(KIND, pairs)
    assert SandboxMessage.objects.count() == 1


def test_what_an_office_answered_is_sealed_under_the_key_of_a_period():
    delivery = make_ready()
    begin()
    attempt = attempts.begin([(delivery, Channels().get("sandbox"))])[delivery.pk]
    refused = attempts.Ending(attempt, delivery, Result.REJECTED, State.REJECTED, "ana@example.org is unknown here")
    attempts.end([refused])
    assert boxes.is_box(stored_detail())
    assert Attempt.objects.get().detail == "ana@example.org is unknown here"


def test_answers_that_were_encrypted_for_good_are_sealed_anew():
    make_ready_and_tried("x@example.org is unknown here")
    seal_anew = import_module("letters.migrations.0032_answers_sealed_anew").seal_anew
    seal_anew(apps, connection.schema_editor())
    assert boxes.is_box(stored_detail())
    assert Attempt.objects.get().detail == "x@example.org is unknown here"


def make_ready_and_tried(words: str) -> None:
    """One letter whose attempt has the words of its answer under FIELD_KEYS."""
    Attempt.objects.create(delivery=make_ready(), number=1, channel="sandbox", detail=encrypt(words))


def stored_detail() -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT detail FROM letters_attempt")
        ((box,),) = cursor.fetchall()
    return bytes(box)
