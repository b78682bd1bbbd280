"""Hours, rates and turns (letters/pacing.py, letters/channels/senate/turns.py): case 20."""

from datetime import UTC, datetime, timedelta

import pytest

from letters.channels.senate import offices, turns, windows
from letters.models import ChannelStatus, Delivery
from letters.states import State
from tests.letters.factories import (
    make_campaign,
    make_confirmed,
    make_due,
    make_letter,
    make_offices,
)

pytestmark = pytest.mark.django_db


def test_closed_hours_let_nothing_go(senate, go, outbox_drained, settings):
    hour = datetime.now(windows.EASTERN)
    settings.SENATE_API = {**settings.SENATE_API, "closed": f"{windows.DAYS[hour.weekday()]} 00:00-23:59"}
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


def test_letters_go_at_the_permitted_rate_and_offices_in_turn(senate, outbox_drained, settings):
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
    ChannelStatus.objects.update(credit=4.0, counted_at=datetime.now(UTC))
    assert turns.tick() == 3  # two of the crowded office, one of the other
    outbox_drained()
    sent = {document.findtext("Recipient/MemberOffice") for document in senate.documents()}
    assert sent == {"SNM01", "SNM02"}
    assert ChannelStatus.objects.get().credit == pytest.approx(1, abs=0.5)


def test_credit_grows_with_the_time_that_passed_but_not_without_end(senate, settings):
    offices.refresh()
    settings.SENATE_API = {**settings.SENATE_API, "rate": 5.0}
    ChannelStatus.objects.update(credit=0, counted_at=datetime.now(UTC) - timedelta(seconds=1))
    turns.tick()
    assert ChannelStatus.objects.get().credit == pytest.approx(5, abs=0.6)
    ChannelStatus.objects.update(counted_at=datetime.now(UTC) - timedelta(hours=1))
    turns.tick()
    assert ChannelStatus.objects.get().credit == 10


def test_what_was_let_go_long_ago_goes_back_into_the_line(senate, outbox_drained):
    offices.refresh()
    delivery = make_letter()
    make_due()
    outbox_drained()
    ChannelStatus.objects.update(credit=5)
    turns.tick()
    Delivery.objects.update(released_at=datetime.now(UTC) - timedelta(minutes=5))
    outbox_drained()
    delivery.refresh_from_db()
    assert delivery.queued_for == "senate_api"
    assert not senate.ids
