"""After a disaster: letters whose work is gone (manage.py reconcile)."""

from io import StringIO

import pytest
from django.core.management import call_command

from campaign.outbox.models import Item
from letters.models import Delivery
from letters.states import State
from tests.letters.factories import begin, make_due, make_ready

pytestmark = pytest.mark.django_db


def reconcile() -> str:
    output = StringIO()
    call_command("reconcile", stdout=output)
    return output.getvalue()


def test_a_ready_letter_whose_work_is_gone_is_delivered_after_all_and_once(outbox_drained):
    delivery = make_ready()
    Item.objects.all().delete()
    assert "letters.reconciling.put_ready_on_their_way: 1" in reconcile()
    assert "letters.reconciling.put_ready_on_their_way: 0" in reconcile()
    make_due()
    outbox_drained()
    delivery.refresh_from_db()
    assert delivery.state == State.ACCEPTED
    assert delivery.attempts.count() == 1


def test_a_letter_lost_while_it_was_sent_is_unknown_and_not_sent_again():
    delivery = make_ready()
    Item.objects.all().delete()
    Delivery.objects.update(state=State.SENDING, channel="sandbox")
    assert "letters.reconciling.call_sending_unknown: 1" in reconcile()
    delivery.refresh_from_db()
    assert delivery.state == State.UNKNOWN
    assert not Item.objects.filter(kind__startswith="letters.delivery").exists()


def test_what_is_carried_by_work_is_left_to_it():
    make_ready()
    begin()
    before = list(Item.objects.values_list("pk", "token", "state"))
    assert "letters.reconciling.put_ready_on_their_way: 0" in reconcile()
    assert list(Item.objects.values_list("pk", "token", "state")) == before


def test_what_waits_for_staff_goes_on_waiting():
    delivery = make_ready()
    Item.objects.all().delete()
    delivery.hold("a question to staff")
    assert "letters.reconciling.put_ready_on_their_way: 0" in reconcile()
