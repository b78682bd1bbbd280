"""Public figures (letters/public/statistics.py): case 27."""

import csv
import json

import pytest

from campaign.web.statistics.disclosure_control import Row
from letters.models import Delivery, LetterTally
from letters.models.delivery_states import State
from letters.models.recipients.us_states import STATES
from letters.public import statistics
from letters.submission import retention, workflow
from tests.letters.factories import (
    make_campaign,
    make_confirmed,
    make_list,
    make_member,
    make_office,
    make_offices,
    make_submission,
)
from tests.race import race

pytestmark = pytest.mark.django_db
PAGES = ("statistics/", "statistics.csv", "statistics.json")


def write(campaign, offices, number: int, prefix: str = "p") -> None:
    for n in range(number):
        make_confirmed(campaign, offices, email=f"{prefix}{n}@example.org", residence=offices[0].area)


def test_the_tallies_are_the_confirmed_letters_without_those_taken_back():
    campaign, offices = make_campaign(), make_offices()
    write(campaign, offices, 3)
    make_submission(campaign, offices, email="never@example.org")
    workflow.withdraw(Delivery.objects.filter(state="ready")[0])
    statistics.recount_letters()
    assert campaign.tallies.total()["letters"] == 5
    statistics.recount_letters()
    assert campaign.tallies.total()["letters"] == 5


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_that_have_them_counted_at_once_do_no_harm():
    campaign, offices = make_campaign(), make_offices()
    write(campaign, offices, 3)
    first, second = race(
        statistics.recount_letters, statistics.recount_letters, after="INSERT INTO letters_lettertally"
    )
    first.result()
    second.result()
    assert campaign.tallies.total()["letters"] == 6


def test_figures_stay_the_same_when_names_and_texts_are_deleted():
    campaign, offices = make_campaign(), make_offices()
    write(campaign, offices, 12)
    statistics.recount_letters()
    before = statistics.letter_figures(campaign)["states"]
    for delivery in Delivery.objects.with_letter():
        delivery.become(State.SENDING, channel="sandbox")
        delivery.become(State.ACCEPTED)
    for constituent in {delivery.letter.constituent for delivery in Delivery.objects.with_letter()}:
        retention.erase(constituent)
    statistics.recount_letters()
    assert statistics.letter_figures(campaign)["states"] == before == [{"state": "NM", "letters": 24}]


def test_cells_under_10_are_nowhere_to_be_seen(client):
    campaign = make_campaign()
    write(campaign, [make_office("A000001", area="AZ", name="Big One")], 11)
    write(campaign, [make_office("T000001", area="TX", name="Small One")], 9, prefix="t")
    write(campaign, [make_office("U000001", area="UT", name="Tiny One")], 4, prefix="u")
    statistics.recount_letters()
    assert statistics.by_area(campaign) == [
        Row("AZ", "Arizona", 11),
        Row("", "Other states", 13),
    ]
    for page in PAGES:
        text = client.get(f"/letters/support/{page}").content.decode()
        assert "Small One" not in text
        assert "Texas: " not in text
        assert "STX" not in text
        assert ",9\r\n" not in text


def test_a_remainder_under_10_takes_the_next_state_with_it():
    campaign = make_campaign()
    write(campaign, [make_office("A000001", area="AZ")], 20)
    write(campaign, [make_office("N000001", area="NM")], 10, prefix="n")
    write(campaign, [make_office("T000001", area="TX")], 2, prefix="t")
    statistics.recount_letters()
    assert statistics.by_area(campaign) == [Row("AZ", "Arizona", 20), Row("", "Other states", 12)]


def test_an_office_is_not_shown_where_its_state_would_tell_the_other():
    campaign = make_campaign()
    both = [make_office("A000001", area="AZ"), make_office("A000002", area="AZ", seat=3)]
    write(campaign, both, 10)
    write(campaign, both[:1], 1, prefix="one")
    write(campaign, [make_office("T000001", area="TX")], 30, prefix="t")
    statistics.recount_letters()
    LetterTally.objects.filter(office=both[1]).update(letters=9)
    assert [row.count for row in statistics.by_area(campaign)] == [30, 20]
    assert [row.count for row in statistics.by_office(campaign)] == [30, 20]


def test_the_page_and_its_files_say_the_same(client):
    campaign, offices = make_campaign(), make_offices()
    write(campaign, offices, 10)
    statistics.recount_letters()
    figures = json.loads(client.get("/letters/support/statistics.json").content)
    rows = list(csv.reader(client.get("/letters/support/statistics.csv").content.decode().splitlines()))
    assert figures["letters"] == 20
    assert figures["offices"] == [{"office": "SNM01", "letters": 10}, {"office": "SNM02", "letters": 10}]
    assert ["state", "NM", "20"] in rows
    html = client.get("/letters/support/statistics/").content.decode()
    assert "New Mexico: 20" in html
    assert "Letters are counted, not people" in html
    assert client.get("/letters/support/statistics/")["Cache-Control"].startswith("public")


@pytest.mark.parametrize("page", PAGES)
def test_no_request_counts_letters(client, page, django_assert_max_num_queries):
    campaign, offices = make_campaign(), make_offices()
    write(campaign, offices, 10)
    statistics.recount_letters()
    with django_assert_max_num_queries(13) as captured:
        client.get(f"/letters/support/{page}")
    assert not any('letters_letter"' in query["sql"] for query in captured.captured_queries)


def test_the_map_has_a_square_of_its_own_for_every_state():
    assert set(statistics.MAP) == set(STATES)
    assert len(set(statistics.MAP.values())) == 50
    tiles = {tile.code: tile for tile in statistics.tiles([Row("NM", "New Mexico", 20)])}
    assert (tiles["NM"].shade, tiles["TX"].shade) == (5, 0)


def test_figures_of_another_list_are_by_its_own_areas_without_the_map_of_the_states(client):
    parliament = make_list(finder="country")
    campaign = make_campaign(list_slugs=[parliament.slug])
    write(campaign, [make_member(parliament, 1, area="DE")], 11)
    statistics.recount_letters()
    assert statistics.by_area(campaign) == [Row("DE", "Germany", 11)]
    html = client.get("/letters/support/statistics/").content.decode()
    assert "By country" in html
    for wrong in ("By state", "Map of the states", "Delaware"):
        assert wrong not in html


def test_a_list_without_areas_has_figures_by_office_and_day_alone(client):
    board = make_list(finder="everybody")
    campaign = make_campaign(list_slugs=[board.slug])
    write(campaign, [make_member(board, 1)], 11)
    statistics.recount_letters()
    html = client.get("/letters/support/statistics/").content.decode()
    assert "Maria Member1" in html
    assert "By area" not in html
