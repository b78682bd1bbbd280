"""Hours, rates and turns (letters/delivery/rate_limit.py, letters/delivery/channels/congress/turns.py): case 20."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from campaign.outbox.models import Item
from letters.delivery import rate_limit
from letters.delivery.channels.congress import offices, turns, windows
from letters.delivery.dispatch import IN_TURN
from letters.models import ChannelStatus, Delivery
from letters.models.delivery_states import State
from tests.letters.factories import (
    make_campaign,
    make_confirmed,
    make_due,
    make_letter,
    make_offices,
)

pytestmark = pytest.mark.django_db


def test_closed_hours_let_nothing_go(senate, go, outbox_drained, settings, monkeypatch):
    noon, is_closed = datetime(2026, 11, 22, 12, tzinfo=windows.EASTERN), windows.is_closed
    monkeypatch.setattr(windows, "is_closed", lambda closed, _at: is_closed(closed, noon))
    settings.SENATE_API = {**settings.SENATE_API, "closed": "Sun 00:00-23:59"}
    delivery = make_letter()
    make_due()
    outbox_drained()
    assert turns.tick() == 0
    delivery.refresh_from_db()
    assert (delivery.state, delivery.queued_for) == (State.READY, "senate_api")
    settings.SENATE_API = {**settings.SENATE_API, "closed": ""}
    go()
    delivery.refresh_from_db()
    assert delivery.state == State.ACCEPTED


@pytest.mark.parametrize(
    ("at", "is_closed"),
    [
        ("2026-11-22T05:30", True),  # Sunday 00:30 in Washington, in winter
        ("2026-11-22T10:59", True),
        ("2026-11-22T11:00", False),
        ("2026-11-22T04:59", False),  # still Saturday there
        ("2026-07-22T09:30", True),  # Wednesday 05:30, in summer
        ("2026-07-22T11:00", False),
    ],
)
def test_the_hours_are_those_of_washington_in_summer_and_winter(at, is_closed):
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert windows.is_closed("Sun 00:00-06:00, Wed 05:00-07:00", moment) == is_closed


@pytest.fixture
def line(senate, outbox_drained, settings, monkeypatch) -> datetime:
    """Nine letters to one office and one to the other, waiting in line; 4 a second in all, 2 to one office.

    For those who let them go it stays the moment that is returned, however long a test takes.
    """
    offices.refresh()
    settings.SENATE_API = {**settings.SENATE_API, "rate": 4.0, "office_rate": 2.0}
    many, few = make_offices()
    campaign = make_campaign()
    for number in range(9):
        make_confirmed(campaign, [many], email=f"p{number}@example.org", prefix="Dr.")
    make_confirmed(campaign, [few], email="late@example.org", prefix="Dr.")
    make_due()
    outbox_drained()
    assert Delivery.objects.in_line("senate_api").count() == 10
    moment = timezone.now()
    free = rate_limit.FREE.replace("clock_timestamp()", f"'{moment.isoformat()}'::timestamptz")
    monkeypatch.setattr(rate_limit, "FREE", free)
    return moment


def moments() -> list[datetime]:
    return sorted(
        Item.objects.filter(kind=IN_TURN, due_at__lt=timezone.now() + timedelta(hours=1)).values_list(
            "due_at", flat=True
        )
    )


def test_two_seconds_are_given_away_at_once_offices_in_turn_and_evenly_apart(senate, line, outbox_drained):
    assert turns.tick() == 5  # four of the crowded office, one of the other
    gaps = [(b - a).total_seconds() for a, b in pairwise(moments())]
    assert gaps == [pytest.approx(0.25)] * 4
    assert turns.tick() == 0
    at_moments = Item.objects.filter(due_at__in=moments()[:2]).values_list("payload__delivery", flat=True)
    first_two = Delivery.objects.filter(pk__in=list(at_moments)).values_list("letter__office__seat", flat=True)
    assert set(first_two) == {1, 2}
    for _ in range(5):
        ChannelStatus.objects.update(paced_until=timezone.now())
        make_due()
        outbox_drained()
    assert len(senate.ids) == 5


def test_letters_that_come_late_do_not_crowd_together_and_none_costs_an_attempt(senate, line, outbox_drained, settings):
    assert turns.tick() == 5
    settings.SENATE_API = {**settings.SENATE_API, "rate": 0.01}  # so that no slow machine lets a second one go
    make_due()
    outbox_drained()
    assert len(senate.ids) == 1
    assert set(Item.objects.filter(kind=IN_TURN).values_list("attempts", flat=True)) == {0}


def test_a_late_clock_makes_up_for_nothing_that_is_past(line):
    turns.tick()
    ChannelStatus.objects.update(next_at=line - timedelta(hours=1))
    assert turns.tick() == 4
    assert len(moments()) == 9
    assert min(moments()) >= line


def test_an_early_clock_gives_nothing_away_twice(line):
    given = turns.tick()
    ChannelStatus.objects.update(next_at=line + timedelta(seconds=1.5))
    assert given + turns.tick() == 6  # half a second is left: two moments, one for each office at most
    assert turns.tick() == 0


def test_a_system_that_does_not_answer_is_left_alone_for_a_while(senate, line, outbox_drained, settings):
    settings.SENATE_API = {**settings.SENATE_API, "rate": 1.0}
    senate.moods = ["hang up"]
    assert turns.tick() == 2
    outbox_drained()  # the one whose moment it is
    assert len(senate.ids) == 1
    make_due()
    outbox_drained()
    assert len(senate.ids) == 1
    assert Delivery.objects.in_line("senate_api").count() == 10
    assert turns.tick() == 0


def test_what_was_let_go_long_ago_goes_back_into_the_line(senate, outbox_drained):
    offices.refresh()
    delivery = make_letter()
    make_due()
    outbox_drained()
    turns.tick()
    Delivery.objects.update(released_at=datetime.now(UTC) - timedelta(minutes=5))
    make_due()
    outbox_drained()
    delivery.refresh_from_db()
    assert delivery.queued_for == "senate_api"
    assert not senate.ids
