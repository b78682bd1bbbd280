"""What the database forbids, and the one table of states."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from letters.models import Attempt, Delivery, Office
from letters.models.campaigns import ordinal
from letters.models.delivery_states import FOLLOWS, NotAllowed, State, check, table
from tests.letters.factories import make_campaign, make_office, make_ready

pytestmark = pytest.mark.django_db


def refuse(constraint: str):
    return pytest.raises(IntegrityError, match=constraint)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("delivery_state_is_known", {"state": "lost", "channel": "sandbox"}),
        ("delivery_goes_by_a_channel", {"state": "accepted"}),
        ("delivery_id_is_32_hex", {"delivery_id": "X" * 32}),
        ("delivery_only_ready_ones_are_held", {"state": "dead", "held_because": "why"}),
        ("delivery_ready_has_its_time", {"ready_at": None}),
    ],
)
def test_a_delivery_that_cannot_be_is_refused(constraint, fields):
    delivery = make_ready()
    with refuse(constraint), transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(**fields)


def test_one_attempt_at_a_time_and_an_outcome_only_when_answered():
    delivery = make_ready()
    Attempt.objects.create(delivery=delivery, number=1, channel="sandbox")
    with refuse("attempt_one_at_a_time"), transaction.atomic():
        Attempt.objects.create(delivery=delivery, number=2, channel="sandbox")
    with refuse("attempt_outcome_iff_answered"), transaction.atomic():
        Attempt.objects.update(phase="answered", answered_at=timezone.now())
    with refuse("attempt_outcome_iff_answered"), transaction.atomic():
        Attempt.objects.update(outcome="accepted")


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("office_one_in_each_seat", {"directory_id": "X000001"}),
        ("office_class_is_1_to_3", {"directory_id": "X000001", "seat": 4}),
        ("office_state_has_senators", {"directory_id": "X000001", "area": "DC"}),
        ("office_email_has_a_giver", {"directory_id": "X000001", "area": "AZ", "email": "a@b.example"}),
    ],
)
def test_an_office_that_cannot_be_is_refused(constraint, fields):
    make_office()
    with refuse(constraint), transaction.atomic():
        make_office(**fields)


def test_a_seat_can_have_former_senators():
    make_office(is_current=False)
    make_office("X000001")
    assert Office.objects.of_state("NM").count() == 1


def test_a_campaign_cannot_close_before_it_opens():
    with refuse("letter_campaign_closes_after_it_opens"), transaction.atomic():
        make_campaign(closes_at=timezone.now() - timedelta(days=9))


def test_every_state_has_its_row_in_the_table_and_an_ending():
    assert set(FOLLOWS) == set(State)
    for state in State:
        assert State.WITHDRAWN in reachable(state) or State.REJECTED in reachable(state) or not FOLLOWS[state]


def reachable(state: State) -> set[State]:
    found: set[State] = set()
    waiting = [state]
    while waiting:
        new = FOLLOWS[waiting.pop()] - found
        found |= new
        waiting += new
    return found


def test_the_documents_show_the_table():
    assert table() in (settings.ROOT / "docs" / "letters.md").read_text()


def test_only_what_the_table_names_is_allowed():
    for old in State:
        for new in State:
            if new in FOLLOWS[old]:
                check(old, new)
            else:
                with pytest.raises(NotAllowed):
                    check(old, new)


def test_an_unknown_letter_goes_nowhere_by_itself_but_by_staff_and_never_becomes_withdrawn():
    assert State.WITHDRAWN not in FOLLOWS[State.UNKNOWN]
    assert State.SENDING not in FOLLOWS[State.UNKNOWN]


def test_a_change_made_meanwhile_by_somebody_else_is_noticed():
    delivery = make_ready()
    Delivery.objects.update(state=State.WITHDRAWN)
    with pytest.raises(NotAllowed):
        delivery.become(State.SENDING, channel="sandbox")


def test_congresses_are_numbered_as_in_english():
    assert [ordinal(number) for number in (1, 2, 3, 4, 11, 113, 119, 121)] == [
        "1st", "2nd", "3rd", "4th", "11th", "113th", "119th", "121st",
    ]  # fmt: skip
