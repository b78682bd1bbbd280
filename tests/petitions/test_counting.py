"""The count (petitions/counting/events.py): what is shown equals the rows, whatever happened in which order."""

import random
import re
from datetime import UTC, date, datetime

import pytest
from django.db import connection, transaction

from campaign.web.statistics.disclosure_control import SHADES, Row
from petitions.counting import events, recount
from petitions.models import CountEvent, HourTally, Petition, Signature, State, Tally, Total
from petitions.public import statistics, world_map
from tests.petitions.factories import make_confirmed, make_petition


def shown(petition: Petition) -> int:
    return Petition.objects.for_display().get(pk=petition.pk).count


def test_the_count_rises_when_the_aggregator_has_run(db):
    petition = make_petition()
    make_confirmed(petition)
    assert shown(petition) == 0
    assert events.aggregate() == 1
    assert shown(petition) == 1
    assert events.aggregate() == 0
    assert not CountEvent.objects.exists()


def test_the_count_goes_out_as_json_with_the_time_it_was_true(client, db):
    petition = make_petition()
    make_confirmed(petition)
    events.aggregate()
    answer = client.get("/petitions/stop/count.json")
    assert answer.json()["count"] == 1
    assert answer.json()["as_of"].endswith("+00:00")
    assert "public" in answer["Cache-Control"]
    assert not answer.cookies


def test_no_public_page_counts_signatures(client, db):
    make_confirmed(make_petition())
    for path in ["/petitions/stop/", "/petitions/", "/petitions/stop/count.json", "/petitions/stop/statistics/"]:
        with connection.execute_wrapper(refuse_signature_queries):
            assert client.get(path).status_code == 200


def refuse_signature_queries(execute, sql, params, many, context):
    assert "petitions_signature" not in sql
    return execute(sql, params, many, context)


def test_any_sequence_of_changes_ends_with_equal_counts(db):
    petitions = [make_petition("one"), make_petition("two")]
    chance = random.Random(20)
    for number in range(60):
        signature = make_confirmed(
            chance.choice(petitions), f"p{number}@example.org", country=chance.choice(["DE", "JP"])
        )
        if chance.random() < 0.4:
            signature.change_to(chance.choice([State.WITHDRAWN, State.INVALIDATED]))
            signature.save()
            events.note(signature, -1)
        if chance.random() < 0.3:
            events.aggregate()
        assert recount.differences() == []
    events.aggregate()
    counted = Signature.objects.filter(state="confirmed").count()
    assert sum(shown(petition) for petition in petitions) == counted
    assert sum(Tally.objects.values_list("count", flat=True)) == counted


@pytest.mark.django_db(transaction=True)
def test_a_second_aggregator_leaves_the_work_to_the_first():
    make_confirmed(make_petition())
    other = connection.copy()
    try:
        with transaction.atomic():
            assert events.aggregate() == 1
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [events.AGGREGATOR])
                assert cursor.fetchone() == (False,)
    finally:
        other.close()


def test_small_cells_are_added_up_without_their_names(client, db):
    petition = make_petition()
    for number in range(21):
        make_confirmed(petition, f"p{number}@example.org", country="FR" if number < 11 else "JP")
    make_confirmed(petition, "lonely@example.org", country="LI")
    events.aggregate()
    page = client.get("/petitions/stop/statistics/").content.decode()
    assert "France" in page
    assert "Liechtenstein" not in page
    assert {row.name: row.count for row in statistics.by_country(petition)} == {"France": 11, "Other countries": 11}


def test_no_small_figure_can_be_had_by_subtracting_what_is_shown(client, db):
    petition = make_petition()
    for day, country, channel, count in [(1, "FR", "web", 40), (2, "DE", "web", 24), (3, "LI", "paper", 3)]:
        where = {"petition": petition, "country": country, "channel": channel}
        Tally.objects.create(**where, day=date(2026, 11, day), count=count)
    for day, hour, change in [(1, 9, 31), (1, 10, 5), (1, 11, 4), (2, 9, 24), (3, 9, 3)]:
        HourTally.objects.create(petition=petition, hour=datetime(2026, 11, day, hour, tzinfo=UTC), change=change)
    Total.objects.update_or_create(petition=petition, defaults={"count": 67})
    found = client.get("/petitions/stop/statistics.json").json()
    assert [(row["code"], row["count"]) for row in found["countries"]] == [("FR", 40), ("", 27)]
    assert [row["count"] for row in found["channels"]] == [None, None]
    assert [row["count"] for row in found["days"]] == [40, None, None]
    assert found["hours"] == []
    lines = client.get("/petitions/stop/statistics.csv").content.decode().splitlines()
    assert "day,2026-11-02," in lines
    assert not [line for line in lines if line.startswith("hour")]


def test_the_figures_come_as_csv_and_json_with_every_hour(client, db):
    petition = make_petition()
    for number in range(10):
        make_confirmed(petition, f"p{number}@example.org", country="FR")
    events.aggregate()
    figures = client.get("/petitions/stop/statistics.json").json()
    assert (figures["count"], figures["countries"][0]["count"], figures["hours"][-1]["count"]) == (10, 10, 10)
    lines = client.get("/petitions/stop/statistics.csv").content.decode().splitlines()
    assert "country,FR,10" in lines
    assert any(line.startswith("hour,") for line in lines)


def test_the_map_shades_a_country_by_its_number():
    shapes = world_map.shapes([Row("FR", "France", 1000), Row("LI", "", None)])
    assert max(shape.shade for shape in shapes) == SHADES
    assert [shape.label for shape in shapes if shape.shade] == ["France: 1000"]


def test_many_days_are_drawn_as_bars_above_their_folded_table(client, db):
    petition = make_petition()
    where = {"petition": petition, "country": "FR", "channel": "web"}
    for day in range(1, 15):
        Tally.objects.create(**where, day=date(2026, 11, day), count=10 * day)
    chart = statistics.chart_of(statistics.days_drawn(statistics.by_day(petition)))
    assert chart
    assert [bar.number for bar in chart.bars] == [10 * day for day in range(1, 15)]
    page = client.get("/petitions/stop/statistics/").text
    assert page.count("<rect") == 14
    assert page.index("<rect") < page.index("Show the whole table")


def test_a_day_without_a_shown_number_has_no_bar_but_its_place(db):
    petition = make_petition()
    for day, count in ((1, 20), (4, 30), (5, 3), (6, 4), (7, 5)):
        Tally.objects.create(petition=petition, country="FR", channel="web", day=date(2026, 11, day), count=count)
    chart = statistics.chart_of(statistics.days_drawn(statistics.by_day(petition)))
    assert chart
    assert [bar.number for bar in chart.bars] == [20, 0, 0, 30]


def test_what_happened_is_marked_on_the_days_that_are_drawn(client, db):
    petition = make_petition(delivered_on=date(2026, 11, 12), delivered_count=700)
    petition.milestones.create(count=100, reached_at=datetime(2026, 11, 4, tzinfo=UTC))
    petition.milestones.create(count=900, reached_at=datetime(2026, 12, 1, tzinfo=UTC))
    for day in range(1, 21):
        Tally.objects.create(petition=petition, country="FR", channel="web", day=date(2026, 11, day), count=50)
    page = client.get("/petitions/stop/statistics/").text
    assert re.findall(r'<line x1="([\d.]+)%"', page) == ["17.5", "57.5"]
    assert "100 signatures reached" in page
    assert "700 signatures delivered to the addressee" in page
    assert "900 signatures" not in page


@pytest.mark.parametrize("count", [0, 9])
def test_a_heading_stands_only_above_figures(client, db, count):
    petition = make_petition()
    Tally.objects.create(petition=petition, country="FR", channel="web", day=date(2026, 11, 1), count=count)
    page = client.get("/petitions/stop/statistics/").text.partition("<main")[2].partition("</main>")[0]
    assert "<h2>" not in page
    assert page.count("appear here once so many people have signed") == 1


def test_few_signatures_are_said_to_be_too_few_for_figures(client, db):
    petition = make_petition()
    Tally.objects.create(petition=petition, country="FR", channel="web", day=date(2026, 11, 1), count=9)
    Total.objects.update_or_create(petition=petition, defaults={"count": 9})
    page = client.get("/petitions/stop/statistics/").text
    assert "appear here once so many people have signed" in page
    assert '<figure class="world">' not in page
