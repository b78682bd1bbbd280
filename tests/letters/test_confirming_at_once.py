"""A mailed link of letters used in two processes at once, and staff who decide at the same moment."""

from functools import partial

import pytest

from campaign.outbox.models import Item
from letters.delivery import staff_actions
from letters.models import Constituent, Delivery
from letters.models.delivery_states import NotAllowed, State
from letters.submission import workflow
from tests.letters.factories import make_campaign, make_office, make_offices, make_submission, states
from tests.race import race

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_link_used_in_two_processes_at_once_sends_each_letter_once():
    constituent = make_submission(make_campaign(), make_offices())
    confirm = partial(workflow.confirm, constituent)
    first, second = race(confirm, confirm, after='FROM "letters_constituent"')
    assert (first.result(), second.result()) == (None, None)
    assert set(states(constituent).values()) == {State.READY}
    assert Item.objects.filter(kind="letters.delivery").count() == 2


def test_the_second_of_two_at_once_does_not_begin_the_time_for_taking_back_anew():
    constituent = make_submission(make_campaign(), make_offices())
    times = list[object]()

    def confirm() -> None:
        workflow.confirm(constituent)
        times.append(Constituent.objects.get().confirmed_at)

    for one in race(confirm, confirm, after='FROM "letters_constituent"'):
        one.result()
    assert times[0] == times[1]


def test_staff_who_cancel_while_its_writer_confirms_are_told_that_it_is_too_late():
    constituent = make_submission(make_campaign(), [make_office()])
    delivery = Delivery.objects.get()
    confirmed, cancelled = race(
        partial(workflow.confirm, constituent), partial(staff_actions.cancel, delivery), after='FROM "letters_delivery"'
    )
    assert confirmed.result() is None
    assert isinstance(cancelled.exception(), NotAllowed)
    assert states(constituent) == {"H001046": State.READY}
