"""Addresses that were once given out keep working."""

import pytest

from pages.models import NewsItem, Page
from tests.pages.factories import make_news_item, make_page

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
