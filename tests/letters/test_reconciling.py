"""After a disaster: letters whose work is gone (manage.py reconcile)."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils import timezone

from campaign.outbox.models import Item
from letters.delivery import attempts
from letters.delivery.channels.sandbox import SandboxChannel
from letters.delivery.reconcile import RESTORED
from letters.models import Delivery
from letters.models.delivery_states import State
from tests.letters.factories import begin, lose_worker, make_due, make_ready

pytestmark = pytest.mark.django_db


def reconcile(*options: str) -> str:
    output = StringIO()
    call_command("reconcile", *options, stdout=output)
    return output.getvalue()


def reconcile_unrestored() -> str:
    return reconcile("--not-restored")


@pytest.fixture
def boss(client):
    """May do everything."""
    client.force_login(User.objects.create_superuser("boss"))
    return client


def test_after_a_restore_no_letter_goes_out_before_staff_say_so(boss, outbox_drained):
    delivery = make_ready()
    assert "letters.delivery.reconcile.hold_ready: 1" in reconcile()
    make_due()
    outbox_drained()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.held_because) == (State.READY, RESTORED)
    page = boss.get("/admin/letters/delivery/?needs=staff").content.decode()
    assert "a backup was restored" in page
    boss.post("/admin/letters/delivery/", {"action": "send_again", "_selected_action": [delivery.pk]})
    make_due()
    outbox_drained()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts.count()) == (State.ACCEPTED, 1)


def test_after_a_restore_a_letter_in_line_leaves_it():
    delivery = make_ready()
    delivery.stand_in_line("senate_api")
    reconcile()
    assert not Delivery.objects.in_line("senate_api").exists()
    assert Delivery.objects.held_because(RESTORED).get() == delivery


def test_after_a_restore_a_letter_that_was_being_sent_is_unknown_and_staff_can_send_it_again(boss, outbox_drained):
    delivery = make_ready()
    begin()
    attempts.begin([(delivery, SandboxChannel())])
    Item.objects.in_flight().update(leased_until=timezone.now() - timedelta(hours=1))
    assert "letters.delivery.reconcile.call_begun_unknown: 1" in reconcile()
    lose_worker()
    outbox_drained()
    delivery.refresh_from_db()
    assert delivery.state == State.UNKNOWN
    boss.post("/admin/letters/delivery/", {"action": "send_again", "_selected_action": [delivery.pk]})
    make_due()
    outbox_drained()
    delivery.refresh_from_db()
    assert delivery.state == State.ACCEPTED


@pytest.mark.parametrize("state", sorted(set(State) - {State.READY, State.SENDING}))
def test_after_a_restore_other_letters_stay_as_they_are(state):
    make_ready()
    Delivery.objects.update(state=state, channel="email")
    before = Delivery.objects.values().get()
    reconcile()
    assert Delivery.objects.values().get() == before


def test_reconciling_again_finds_nothing():
    make_ready()
    reconcile()
    before = Delivery.objects.values().get()
    output = reconcile()
    assert "letters.delivery.reconcile.hold_ready: 0" in output
    assert Delivery.objects.values().get() == before


def test_a_letter_that_a_worker_sends_meanwhile_goes_its_way():
    delivery = make_ready()
    begin()
    attempts.begin([(delivery, SandboxChannel())])
    output = reconcile()
    assert "letters.delivery.reconcile.call_begun_unknown: 0" in output
    assert Delivery.objects.get().state == State.SENDING


def test_a_worker_that_had_taken_a_letter_and_not_begun_leaves_a_held_one_alone():
    delivery = make_ready()
    begin()
    reconcile()
    assert attempts.begin([(delivery, SandboxChannel())]) == {}
    assert Delivery.objects.held_because(RESTORED).count() == 1


def test_a_ready_letter_whose_work_is_gone_is_delivered_after_all_and_once(outbox_drained):
    delivery = make_ready()
    Item.objects.all().delete()
    assert "letters.delivery.reconcile.put_ready_on_their_way: 1" in reconcile_unrestored()
    assert "letters.delivery.reconcile.put_ready_on_their_way: 0" in reconcile_unrestored()
    make_due()
    outbox_drained()
    delivery.refresh_from_db()
    assert delivery.state == State.ACCEPTED
    assert delivery.attempts.count() == 1


def test_a_letter_lost_while_it_was_sent_is_unknown_and_not_sent_again():
    delivery = make_ready()
    Item.objects.all().delete()
    Delivery.objects.update(state=State.SENDING, channel="sandbox")
    assert "letters.delivery.reconcile.call_sending_unknown: 1" in reconcile_unrestored()
    delivery.refresh_from_db()
    assert delivery.state == State.UNKNOWN
    assert not Item.objects.filter(kind__startswith="letters.delivery").exists()


def test_what_is_carried_by_work_is_left_to_it():
    make_ready()
    begin()
    before = list(Item.objects.values_list("pk", "token", "state"))
    assert "letters.delivery.reconcile.put_ready_on_their_way: 0" in reconcile_unrestored()
    assert list(Item.objects.values_list("pk", "token", "state")) == before


def test_what_waits_for_staff_goes_on_waiting():
    delivery = make_ready()
    Item.objects.all().delete()
    delivery.hold("a question to staff")
    assert "letters.delivery.reconcile.put_ready_on_their_way: 0" in reconcile_unrestored()
