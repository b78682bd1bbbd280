"""Segments: whom they hold, how many, and that nobody is singled out by one (campaign/supporters/models/segment.py)."""

from typing import Any

import lxml.html
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaign.supporters import subscriptions
from campaign.supporters.models import Segment, Subscriber
from campaign.supporters.models.segment import sizes
from tests.staff.desk import at_the_desk
from tests.supporters.desk import load, make_list, member, numbered

pytestmark = pytest.mark.django_db
LIST = "/admin/supporters/segment/"


@pytest.fixture
def desk():
    return at_the_desk(member("Campaigner"))


@pytest.fixture
def fair(desk):
    """Twelve by an import with a tag, in French and of Switzerland; ten in German and two in French joined here."""
    one = load(desk, make_list(numbered(12), "email,language,country", ",fr,CH"), tags="fair,2026")
    for name in numbered(10, start=100):
        subscriptions.join(address=f"{name}@example.org", language="de")
    for name in numbered(2, start=200):
        subscriptions.join(address=f"{name}@example.org", language="fr")
    return one


def segment(**what: object) -> Segment:
    return Segment.objects.create(name=str(what), **what)


def test_a_segment_holds_those_who_have_all_of_it(fair):
    expected = {
        segment(language="fr"): 14, segment(country="CH"): 12, segment(source=fair): 12, segment(tag="fair"): 12,
        segment(language="de"): 10, segment(language="fr", tag="2026", country="CH"): 12,
        segment(language="de", tag="fair"): None, segment(tag="no"): None,
    }  # fmt: skip
    assert {one: one.size() for one in expected} == expected
    assert sizes(expected) == {one.pk: number for one, number in expected.items()}


def test_whoever_left_is_in_none(fair):
    Subscriber.objects.filter(language="de").unsubscribe()
    assert segment(language="de").size() is None


def test_fewer_than_ten_are_not_counted_for_anybody(desk, fair):
    small = segment(language="de")
    Subscriber.objects.filter(pk__in=[row.pk for row in small.subscribers()[:1]]).unsubscribe()
    for page in (LIST, f"{LIST}{small.pk}/change/"):
        assert "fewer than ten" in desk.get(page).content.decode()


def test_all_segments_are_counted_in_as_many_queries_as_one(desk, fair):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert desk.get(LIST).status_code == 200
        return len(seen)

    segment(language="fr")
    desk.get(LIST)
    few = queries()
    for code in ("de", "es", "ja"):
        segment(language=code, tag="fair")
    assert queries() == few


def test_staff_make_one_from_what_there_is(desk, fair):
    page = f"{LIST}add/"
    assert '<option value="2026">' in desk.get(page).content.decode()
    made = desk.post(page, {"name": "Swiss", "language": "", "country": "CH", "source": "", "tag": ""}, follow=True)
    listed: Any = lxml.html.fromstring(made.content)
    assert [cell.text for cell in listed.find_class("field-number_now")] == ["12"]
    assert Segment.objects.get().size() == 12


@pytest.mark.parametrize("what", [{}, {"tag": "never"}, {"language": "tlh"}, {"country": "XX"}, {"source": "99"}])
def test_one_that_excludes_nobody_or_names_nothing_is_a_form_error(desk, fair, what):
    fields = {"name": "x", "language": "", "country": "", "source": "", "tag": "", **what}
    assert desk.post(f"{LIST}add/", fields).status_code == 200
    assert not Segment.objects.exists()
