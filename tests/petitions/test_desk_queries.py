"""Every list and page of the staff's desk takes the same few queries, however much there is."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from petitions.counting import events
from petitions.models import CountCheck, Decision, PaperBatch, Petition
from petitions.moderation import bulk, decisions
from petitions.public.comments import PublicComment
from tests.letters.factories import make_campaign
from tests.petitions.factories import make_confirmed, make_handover, make_held, make_petition, make_signature
from tests.petitions.paper import load, make_staff

pytestmark = pytest.mark.django_db
LISTS = [
    "petition", "heldsignature", "heldsignature/?country=DE", "voice", "voice/?which=approved", "signature",
    "signature/?state=invalidated", "signature/?q=1", "decision", "paperbatch", "paperbatch/?q=Bern", "handover",
    "countcheck",
]  # fmt: skip
ALONE = ["live", "trends", "texts", "update", "change"]
MOST = 16
MOST_ON_FIRST_PAGE = 73  # each kind of thing that may wait for staff is asked for by itself, within a bound


@pytest.fixture
def petition() -> Petition:
    return make_petition(asks_why=True)


@pytest.fixture
def desk(client) -> Client:
    client.force_login(make_staff())
    return client


def fill(petition: Petition, first: int, last: int) -> None:
    """Something of everything, so often."""
    for number in range(first, last):
        make_confirmed(petition, f"c{number}@example.org", said=PublicComment("Because.", "Ana", is_public=True))
        make_held(petition, f"h{number}@example.org")
        make_signature(petition, f"p{number}@example.org")
        gone = make_confirmed(petition, f"i{number}@example.org")
        decisions.invalidate([gone.pk], by="staff")
        bulk.propose(Decision(petition=petition, country="DE", why="a test"), by="staff")
        load(petition, f"P{number},,Street {number},DE")
        make_handover(petition, by=make_staff(f"staff{number}"))
        CountCheck.objects.create(number=0, differences=[])
    events.aggregate()


def queries(desk: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as taken:
        assert desk.get(path).status_code == 200
    return len(taken)


@pytest.mark.parametrize("listed", LISTS)
def test_a_list_takes_the_same_few_queries(desk, petition, listed):
    path = f"/admin/petitions/{listed}" if "?" in listed else f"/admin/petitions/{listed}/"
    fill(petition, 0, 1)
    desk.get(path)
    before = queries(desk, path)
    fill(petition, 1, 5)
    assert queries(desk, path) == before <= MOST


@pytest.mark.parametrize("page", ALONE)
def test_a_page_of_one_petition_takes_the_same_few_queries(desk, petition, page):
    path = f"/admin/petitions/petition/{petition.pk}/{page}/"
    fill(petition, 0, 1)
    desk.get(path)
    before = queries(desk, path)
    fill(petition, 1, 5)
    assert queries(desk, path) == before <= MOST + 10


def test_the_first_page_takes_the_same_queries_with_more_of_everything(desk, petition):
    make_campaign()
    make_petition("paused", is_paused=True)
    fill(petition, 0, 1)
    desk.get("/admin/")
    before = queries(desk, "/admin/")
    fill(petition, 1, 5)
    for slug in ("second", "third", "fourth"):
        make_campaign(slug)
        make_petition(f"paused-{slug}", is_paused=True)
        other = make_petition(slug)
        make_held(other, "h@example.org")
        make_confirmed(other, "c@example.org")
    events.aggregate()
    assert queries(desk, "/admin/") == before <= MOST_ON_FIRST_PAGE
    assert PaperBatch.objects.count() == 5


@pytest.mark.parametrize("listed", LISTS)
def test_a_list_names_petitions_by_what_they_ask_in_the_same_few_queries(desk, petition, listed):
    path = f"/admin/petitions/{listed}" if "?" in listed else f"/admin/petitions/{listed}/"
    fill(petition, 0, 1)
    desk.get(path)
    before = queries(desk, path)
    for slug in ("second", "third"):
        other = make_petition(slug, asks_why=True)
        make_held(other, "h@example.org")
        make_confirmed(other, "c@example.org", said=PublicComment("Because.", "Ana", is_public=True))
        bulk.propose(Decision(petition=other, country="DE", why="a test"), by="staff")
    assert queries(desk, path) <= before
