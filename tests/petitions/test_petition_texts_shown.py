"""What the pages of a petition say in the language of their visitor."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from campaign.database import clock
from petitions.models import Total
from tests.petitions.factories import make_petition, make_text


def test_who_asks_is_said_in_the_language_of_the_text(client, db):
    petition = make_petition()
    german = make_text(petition, "de")
    assert german.who_asks == "A coalition"
    make_text(petition, "fr", version=2, asked_by="Une coalition")
    assert "Une coalition" in client.get("/fr/petitions/stop/").text
    assert "A coalition" in client.get("/de/petitions/stop/").text


def test_whoever_lives_in_the_named_country_finds_a_step_of_their_own_after_signing(client, db):
    make_petition(local_step_country="US", local_step_url="/letters/act/", next_step_url="/how-you-can-help/")
    page = client.get("/de/petitions/stop/thanks/").text
    assert "Vereinigte Staaten" in page
    assert 'href="/de/letters/act/"' in page
    assert 'href="/de/how-you-can-help/"' in page


def test_without_an_address_no_country_is_named(client, db):
    make_petition(local_step_country="US")
    assert "United States" not in client.get("/petitions/stop/thanks/").text


def test_a_goal_that_was_passed_is_not_called_the_next_one(client, db):
    petition = make_petition(goal=2)
    for count, words in ((1, "Next goal: 2"), (2, "Goal of 2 reached")):
        Total.objects.update_or_create(petition=petition, defaults={"count": count})
        assert words in client.get("/petitions/stop/").text


def test_earlier_signatures_open_the_text_with_their_source_and_are_not_in_the_count(client, db):
    petition = make_petition(history_url="https://source.example/")
    make_text(petition, "fr", version=2, history="Avant : 1 500 000, selon eux.")
    Total.objects.update_or_create(petition=petition, defaults={"count": 3})
    page = client.get("/fr/petitions/stop/").text
    order = ["<strong>3</strong>", "<form", "Avant : 1 500 000, selon eux.", 'class="lede"']
    assert order == sorted(order, key=page.index)
    assert 'href="https://source.example/"' in page
    assert "https://source.example/" not in client.get("/de/petitions/stop/").text
    assert client.get("/petitions/stop/count.json").json()["count"] == 3


def test_today_east_of_here_is_no_day_to_come(db):
    today = clock.now().date()
    petition = make_petition(delivered_on=today + timedelta(days=1))
    petition.clean()
    petition.delivered_on = today + timedelta(days=2)
    with pytest.raises(ValidationError) as refused:
        petition.clean()
    assert refused.value.message_dict == {"delivered_on": ["This day is still to come."]}


def test_what_has_happened_is_told_in_its_order_once_a_milestone_is_reached(client, db):
    petition = make_petition(opens_at=datetime(2026, 1, 5, 12, tzinfo=UTC))
    assert "What has happened" not in client.get("/petitions/stop/").text
    for count, day in ((100, 20), (10, 12)):
        petition.milestones.create(count=count, reached_at=datetime(2026, 1, day, 12, tzinfo=UTC))
    petition.milestones.create(count=1000)
    report = "https://report.example/"
    petition.delivered_on, petition.delivered_count, petition.delivery_url = date(2026, 2, 3), 1234, report
    petition.full_clean()
    petition.save()
    page = client.get("/petitions/stop/").text
    told = ["Opened for", "10 signatures reached", "100 signatures reached", "1,234 signatures delivered", report]
    places = [page.index(words) for words in told]
    assert places == sorted(places)
    assert "1,000 signatures reached" not in page


def test_a_number_delivered_needs_its_day(db):
    petition = make_petition(delivered_count=3)
    with pytest.raises(ValidationError, match="on which day"):
        petition.full_clean()
