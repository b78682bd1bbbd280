"""Nothing of a preview is put into, or read from, what this process keeps for visitors."""

import re

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaign.revisions import history
from pages.content import preview
from tests.pages.factories import make_entry, make_letter_campaign, make_news_item, make_page, make_staff
from tests.petitions.factories import make_petition, make_text
from tests.test_project import NOT_PAGES, public_views

pytestmark = pytest.mark.django_db(transaction=True)
CANARY = "Canary of a draft"


@pytest.fixture(autouse=True)
def kept_for_long(settings):
    settings.KEEP_SECONDS = 10
    forget()
    yield
    forget()


def forget() -> None:
    for cache in caches.all():
        cache.clear()


def public_addresses() -> list[str]:
    """Of every public page: with the names of what there is, and with names of nothing."""
    patterns = [where for where, _view in public_views() if where not in NOT_PAGES | {"media/<path:path>"}]
    named = [re.sub(r"<[^>]*>", name, where) for where in patterns for name in ("stop", "resolution", "item", "x")]
    return sorted({f"/{where}" for where in named} | {"/newsletter/check-email/", "/about/"})


def make_preview(**changes: str) -> str:
    """The address of a preview of a draft of a page that is public."""
    page = make_page("about")
    draft = history.record_draft(page, history.snapshot(page) | {"title": CANARY} | changes, by=None)
    return preview.link(draft)


def make_news_preview() -> str:
    item = make_news_item("item")
    return preview.link(history.record_draft(item, history.snapshot(item) | {"title": CANARY}, by=None))


def pages_with_canary(client: Client, preview: str) -> list[str]:
    """Each public page is asked for right after the preview."""
    make_letter_campaign("resolution")
    visitor, found = Client(), []
    for where in public_addresses():
        assert CANARY in client.get(preview).content.decode()
        if CANARY.encode() in visitor.get(where).content:
            found.append(where)
    return found


@pytest.mark.parametrize("menu", ["footer", "header"])
def test_no_public_page_shows_the_title_of_a_draft_that_was_previewed(client, menu):
    make_petition("stop")
    assert pages_with_canary(client, make_preview(menu=menu)) == []


def test_no_public_page_shows_a_draft_of_news(client):
    make_petition("stop")
    assert pages_with_canary(client, make_news_preview()) == []


def test_no_public_page_shows_a_draft_of_a_petitions_text(client):
    petition = make_petition("stop")
    make_text(petition, version=2, title=CANARY, is_draft=True)
    client.force_login(make_staff())
    assert pages_with_canary(client, f"/admin/petitions/petition/{petition.pk}/texts/en/preview/") == []


@pytest.mark.parametrize("menu", ["footer", "header"])
def test_a_preview_does_not_show_what_was_kept_for_visitors(client, menu):
    preview = make_preview(menu=menu)
    for where in ("/newsletter/check-email/", "/about/", "/"):
        Client().get(where)
    page = client.get(preview).content.decode()
    (part,) = re.findall({"footer": r"<footer.*</footer>", "header": r"<header.*</header>"}[menu], page, re.DOTALL)
    assert CANARY in part


def test_visitors_are_shown_what_was_kept(client, django_assert_num_queries):
    client.get("/newsletter/check-email/")
    with django_assert_num_queries(0):
        client.get("/newsletter/check-email/")


def test_a_form_that_is_refused_asks_no_more_for_what_stands_below_the_petition(client):
    make_petition()
    make_entry()
    assert "A report" in client.get("/petitions/stop/").text
    with CaptureQueriesContext(connection) as asked:
        page = client.post("/petitions/stop/", {}, headers={"Sec-Fetch-Site": "same-origin"}, follow=True)
    assert (page.status_code, "A report" in page.text) == (422, True)
    assert not [query for query in asked.captured_queries if "timelineentry" in query["sql"]]


@pytest.mark.parametrize("menu", ["footer", "header"])
def test_while_a_preview_is_made_nothing_is_kept(client, menu):
    client.get(make_preview(menu=menu))
    assert vars(caches["template_fragments"])["_cache"] == {}
    client.get("/about/")
    assert vars(caches["template_fragments"])["_cache"] != {}
