"""Letters through the Senate's system, against a server that behaves as it is known to: cases 18 to 20."""

import http.client
from datetime import UTC, datetime, timedelta

import pytest

from campaign.outbox.models import Item
from letters.delivery.channels import Channels
from letters.delivery.channels.congress import answers, configuration, offices, transport, turns
from letters.delivery.handler import DeliveryHandler
from letters.models import Attempt, ChannelStatus, Delivery, Office
from letters.models.delivery_states import State
from standalone.ports import unused_port
from tests.letters.factories import (
    lose_worker,
    make_campaign,
    make_confirmed,
    make_due,
    make_letter,
    make_office,
    make_offices,
    make_ready,
    states,
)

pytestmark = pytest.mark.django_db


def last(delivery: Delivery) -> Attempt:
    return delivery.attempts.all()[len(delivery.attempts.all()) - 1]


def test_a_message_that_is_taken_is_accepted_with_one_attempt(senate, go):
    delivery = make_letter()
    go()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.channel) == (State.ACCEPTED, "senate_api")
    assert Attempt.objects.count() == 1
    assert senate.ids == [delivery.delivery_id]


def test_no_answer_and_then_a_known_id_is_one_letter_accepted_under_the_same_id(senate, go):
    delivery = make_letter()
    senate.moods = ["hang up"]
    go()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.bound_to) == (State.READY, "senate_api")
    go()
    delivery.refresh_from_db()
    assert delivery.state == State.ACCEPTED
    assert senate.ids == [delivery.delivery_id]
    assert [attempt.outcome for attempt in delivery.attempts.all()] == ["unanswered", "accepted"]


def test_a_time_out_after_the_body_is_asked_again(senate, go, monkeypatch):
    monkeypatch.setattr(transport, "HTTP_TIMEOUT", 3)
    delivery = make_letter()
    senate.moods, senate.sleeps = ["sleep"], 100
    go(2)
    delivery.refresh_from_db()
    assert delivery.state == State.ACCEPTED
    assert len(senate.ids) == 1


def test_a_refusal_keeps_the_offices_words_for_staff_and_is_not_repeated(senate, go):
    delivery = make_letter()
    senate.moods = ["400 <Errors><Error>Address is not\n in the state</Error><Error>Sorry</Error></Errors>"]
    go(3)
    delivery.refresh_from_db()
    assert delivery.state == State.REJECTED
    assert last(delivery).detail == "400 Address is not in the state; Sorry"
    assert Attempt.objects.count() == 1


@pytest.mark.parametrize("status", ["401", "403", "415", "404", "302"])
def test_what_concerns_the_whole_channel_pauses_it_and_letters_stay(senate, go, status):
    delivery = make_letter()
    senate.moods = [f"{status} no"]
    go(3)
    delivery.refresh_from_db()
    assert delivery.state == State.READY
    channel = ChannelStatus.objects.of("senate_api")
    assert channel.paused_because.startswith(status)
    assert Item.objects.get(kind="letters.delivery-in-turn").attempts == 0
    channel.resume()
    go()
    delivery.refresh_from_db()
    assert delivery.state == State.ACCEPTED


def test_slow_down_is_obeyed_and_costs_no_attempt(senate, go, outbox_drained):
    delivery = make_letter()
    senate.moods, senate.patience = ["429 slow down"], 60
    make_due()
    outbox_drained()
    turns.tick()
    make_due()
    outbox_drained()
    delivery.refresh_from_db()
    assert delivery.state == State.READY
    assert Item.objects.get(kind="letters.delivery-in-turn").attempts == 0
    assert ChannelStatus.objects.filter(quiet_until__gt=datetime.now(UTC)).exists()
    make_due()
    outbox_drained()
    assert turns.tick() == 0
    go()
    delivery.refresh_from_db()
    assert delivery.state == State.ACCEPTED


def test_a_fault_of_theirs_is_tried_again_up_to_the_cap_and_then_dead(senate, go):
    delivery = make_letter()
    senate.moods = ["503 busy"] * 30
    go(24)
    delivery.refresh_from_db()
    assert delivery.state == State.DEAD
    assert Attempt.objects.count() == 24
    assert not senate.ids


def test_no_answer_up_to_the_cap_is_unknown_and_not_dead(senate, go):
    delivery = make_letter()
    senate.moods = ["hang up"]
    go()
    delivery.refresh_from_db()
    DeliveryHandler().exhausted(Item.objects.get(kind="letters.delivery-in-turn"), "enough")
    delivery.refresh_from_db()
    assert delivery.state == State.UNKNOWN


def test_a_letter_that_they_may_have_is_unknown_however_often_they_say_busy_later(senate, go):
    delivery = make_letter()
    senate.moods = ["hang up", *["503 busy"] * 30]
    go(24)
    delivery.refresh_from_db()
    assert [attempt.outcome for attempt in delivery.attempts.all()] == ["unanswered", *["later"] * 23]
    assert delivery.state == State.UNKNOWN


def test_what_may_have_arrived_by_one_channel_is_not_sent_by_another(senate, go):
    delivery = make_letter()
    senate.moods = ["hang up"]
    go()
    Office.objects.update(is_congress_api_stopped=True)
    go(2)
    delivery.refresh_from_db()
    assert delivery.state == State.READY
    assert "may already have it" in delivery.held_because
    assert senate.ids == [delivery.delivery_id]


def test_a_worker_that_dies_while_sending_is_followed_by_another_under_the_same_id(
    senate, go, outbox_drained, monkeypatch
):
    delivery = make_letter()
    make_due()
    outbox_drained()
    turns.tick()
    with monkeypatch.context() as patch:
        patch.setattr(answers, "answer_for_reply", die)
        with pytest.raises(SystemExit):
            outbox_drained()
    assert len(senate.ids) == 1
    lose_worker()
    go()
    delivery.refresh_from_db()
    assert delivery.state == State.ACCEPTED
    assert len(senate.ids) == 1


def die(*args, **kwargs):
    raise SystemExit


def test_an_office_that_asks_for_an_end_gets_nothing_more_and_its_letters_go_another_way(senate, go, outbox_drained):
    delivery = make_letter()
    make_due()
    outbox_drained()
    assert Delivery.objects.in_line("senate_api").count() == 1
    Office.objects.update(is_congress_api_stopped=True)
    turns.tick()
    outbox_drained()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.channel) == (State.ACCEPTED, "sandbox")
    assert not senate.ids


def test_an_office_that_is_not_on_the_senates_list_is_reached_another_way(senate, outbox_drained):
    senate.offices = ["SCA03"]
    offices.refresh()
    make_letter()
    outbox_drained()
    assert Delivery.objects.get().channel == "sandbox"


def test_a_list_that_cannot_be_read_leaves_the_old_one(senate):
    offices.refresh()
    senate.offices = []
    assert offices.refresh() == 0
    assert ChannelStatus.objects.of("senate_api").open_offices == ["SNM01", "SNM02"]


def test_what_the_senate_would_refuse_goes_another_way(senate, go):
    make_letter(prefix="")
    make_ready(Office.objects.get(), city="Ai", email="bo@example.org", prefix="Dr.")
    go()
    assert {delivery.channel for delivery in Delivery.objects.all()} == {"sandbox"}
    assert not senate.ids


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"url": ""}, "SENATE_API_URL"),
        ({"key": ""}, "SENATE_API_KEY"),
        ({"url": "http://soapbox.senate.gov"}, "not https"),
        ({"url": "https://soapbox.senate.gov.evil.example"}, "SENATE_API_HOSTS"),
        ({"url": "https://evil.example/soapbox.senate.gov"}, "SENATE_API_HOSTS"),
        ({"url": "https://soapbox.senate.gov@evil.example"}, "SENATE_API_HOSTS"),
    ],
)
def test_without_credentials_https_and_a_host_on_the_list_the_channel_is_not_used(senate, settings, change, words):
    offices.refresh()
    settings.SENATE_API = {
        **senate.settings,
        "hosts": ["soapbox.senate.gov"],
        "url": "https://soapbox.senate.gov",
        **change,
    }
    with pytest.raises(configuration.NotConfigured, match=words):
        configuration.load()
    assert Channels().of(make_office()).name == "sandbox"


def test_a_server_that_cannot_prove_its_name_gets_nothing(senate, go, settings):
    settings.SENATE_API = {**settings.SENATE_API, "ca_file": ""}
    delivery = make_letter()
    go()
    delivery.refresh_from_db()
    assert delivery.state == State.READY
    assert "CERTIFICATE_VERIFY_FAILED" in last(delivery).detail
    assert not senate.ids


def test_a_system_that_is_away_ends_no_letter_however_long_and_staff_are_shown_why_it_waits(senate, go, settings):
    delivery = make_letter()
    settings.SENATE_API = {**senate.settings, "url": f"https://localhost:{unused_port()}"}
    go(DeliveryHandler.max_attempts + 1)
    delivery.refresh_from_db()
    assert delivery.state == State.READY
    assert Item.objects.get(kind="letters.delivery-in-turn").attempts == 0
    assert "ConnectionRefusedError" in ChannelStatus.objects.holding_up().get().unreachable_because
    settings.SENATE_API = senate.settings
    go()
    delivery.refresh_from_db()
    assert delivery.state == State.ACCEPTED
    assert not ChannelStatus.objects.unreachable().exists()


def test_one_letter_of_many_finds_out_that_the_system_is_away(senate, go, monkeypatch):
    make_letter()
    for number in range(4):
        make_ready(Office.objects.get(), prefix="Dr.", email=f"p{number}@example.org")
    tried = []

    def refuse(connection: http.client.HTTPSConnection) -> None:
        tried.append(connection)
        raise ConnectionRefusedError

    monkeypatch.setattr("http.client.HTTPSConnection.connect", refuse)
    go()
    assert len(tried) == 1
    assert Delivery.objects.ready().count() == 5


def test_a_channel_that_is_paused_or_for_which_nothing_waits_holds_nothing_up(senate):
    delivery = make_letter()
    channel = ChannelStatus.objects.of("senate_api")
    channel.note_unreachable("no connection", rest=timedelta(minutes=1))
    assert not ChannelStatus.objects.holding_up().exists()
    delivery.stand_in_line("senate_api")
    assert ChannelStatus.objects.holding_up().get() == channel
    channel.pause("enough")
    assert not ChannelStatus.objects.holding_up().exists()


def test_a_bill_of_laughs_in_their_answer_does_no_harm():
    bomb = (
        b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b SYSTEM "file:///etc/passwd">]><Errors><Error>&a;&b;</Error></Errors>'
    )
    assert "root:" not in answers.answer_words(bomb)


def test_one_senator_by_the_senates_system_and_the_other_another_way(senate, go):
    senate.offices = ["SNM02"]
    offices.refresh()
    constituent = make_confirmed(make_campaign(), make_offices(), prefix="Dr.")
    go()
    assert set(states(constituent).values()) == {State.ACCEPTED}
    assert {delivery.channel for delivery in Delivery.objects.all()} == {"senate_api", "sandbox"}
