"""Addresses that were once given out keep working."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from pages.models import NewsItem, Page, Redirect
from tests.pages.factories import make_news_item, make_page, make_staff

pytestmark = pytest.mark.django_db


def move(thing: Page | NewsItem, slug: str) -> None:
    thing.slug = slug
    thing.save()


def test_the_old_address_of_a_page_and_of_those_below_leads_on(client):
    parent = make_page("about")
    make_page("team", parent=parent)
    move(parent, "who-we-are")
    assert client.get("/about/").headers["Location"] == "/who-we-are/"
    answer = client.get("/about/team/")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/who-we-are/team/")
    assert answer.headers["Cache-Control"] == "no-store"


def test_in_another_language_it_leads_on_within_it(client):
    page = make_page("about")
    move(page, "who")
    assert client.get("/de/about/").headers["Location"] == "/de/who/"


def test_a_page_that_moved_twice_is_found_from_both_addresses(client):
    page = make_page("a")
    move(page, "b")
    move(page, "c")
    assert client.get("/a/").headers["Location"] == client.get("/b/").headers["Location"] == "/c/"


def test_a_page_that_came_back_is_shown_where_it_is(client):
    page = make_page("a")
    move(page, "b")
    move(page, "a")
    assert client.get("/a/").status_code == 200
    assert client.get("/b/").headers["Location"] == "/a/"


def test_a_new_page_takes_an_old_address(client):
    move(make_page("a"), "b")
    make_page("a", title="New here")
    assert "New here" in client.get("/a/").content.decode()


def test_the_old_address_of_a_draft_tells_nothing(client):
    page = make_page("a")
    move(page, "b")
    page.state = "draft"
    page.save()
    assert client.get("/a/").status_code == 404


def test_the_old_address_of_a_news_item_leads_on(client):
    item = make_news_item("old-name")
    move(item, "new-name")
    assert client.get("/news/old-name/").headers["Location"] == "/news/new-name/"


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(make_staff())
    return client


def lead_on(staff: Client, path: str, **target: Any) -> Any:
    data = {name: thing.pk for name, thing in target.items()}
    return staff.post(reverse("admin:pages_redirect_add"), {"path": path, **data})


def test_staff_give_a_page_another_address_and_take_it_back(staff):
    page = make_page("who-we-are")
    assert lead_on(staff, "/team/of-2019/", page=page).status_code == 302
    assert staff.get("/team/of-2019/").headers["Location"] == "/who-we-are/"
    listed = staff.get(reverse("admin:pages_redirect_changelist")).content.decode()
    assert "team/of-2019" in listed
    redirect = Redirect.objects.get()
    staff.post(reverse("admin:pages_redirect_delete", args=[redirect.pk]), {"post": "yes"})
    assert staff.get("/team/of-2019/").status_code == 404


def test_an_old_address_of_news_leads_to_a_page(staff):
    lead_on(staff, "news/hearing-2019", page=make_page("hearings"))
    assert staff.get("/news/hearing-2019/").headers["Location"] == "/hearings/"


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("about", "stands at this address"),
        ("news/hearing", "stands at this address"),
        ("petitions", "Another part of the site"),
        ("admin/pages", "Another part of the site"),
        ("de/about", "Another part of the site"),
        ("/", "Enter the part of the address"),
        ("https://example.org/a", "Enter the part of the address"),
        ("a?b=1", "Enter the part of the address"),
        ("a b", "Enter the part of the address"),
    ],
)
def test_an_address_from_which_nobody_would_be_led_on_is_refused(staff, path, why):
    make_news_item("hearing")
    answer = lead_on(staff, path, page=make_page("about"))
    assert why in answer.content.decode()
    assert not Redirect.objects.exists()


def test_an_old_address_leads_to_one_thing(staff):
    page, item = make_page("about"), make_news_item("hearing")
    assert "one of the two" in lead_on(staff, "old").content.decode()
    assert "one of the two" in lead_on(staff, "old", page=page, item=item).content.decode()


def test_staff_are_told_which_old_addresses_lead_to_nothing(staff):
    page = make_page("a")
    move(page, "b")
    Page.objects.update(state="draft")
    assert "nobody can see it" in staff.get(reverse("admin:pages_redirect_changelist")).content.decode()
