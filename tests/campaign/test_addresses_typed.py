"""Addresses as people type and copy them (campaign/web/languages.py) lead where they mean, in one redirect."""

import pytest

from tests.pages.factories import make_news_item, make_page
from tests.petitions.factories import make_petition

pytestmark = pytest.mark.django_db
P = "/petitions/stop/"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/de", "/de/"),
        ("/DE", "/de/"),
        ("/de?x=1", "/de/?x=1"),
        ("/DE?x=1", "/de/?x=1"),
        ("/zh-Hant", "/zh-hant/"),
        ("/zh", "/zh-hant/"),
        ("/en", "/"),
        ("/en/", "/"),
        ("/EN/petitions", "/petitions/"),
        ("/zh-CN/petitions/stop", "/zh-hans/petitions/stop/"),
        ("/PETITIONS", "/petitions/"),
        ("/Petitions/Stop/", P),
        ("/petitions/stop/.", P),
        ("/petitions/stop.", P),
        ("/petitions/stop).", P),
        ("/petitions/stop/%3E", P),
        ("/petitions/stop/%E3%80%82", P),
        ("/petitions/stop/…?x=1", f"{P}?x=1"),
        ("/DE/Petitions/Stop/)", "/de/petitions/stop/"),
        ("/de//petitions/stop/", "/de/petitions/stop/"),
        ("/news/a-b/,", "/news/a-b/"),
        ("/news/feed.xml.", "/news/feed.xml"),
        ("/about”", "/about/"),
    ],
)
def test_an_address_leads_where_it_means_in_one_redirect(client, typed, meant):
    make_petition()
    make_news_item(slug="a-b")
    make_page("about")
    answer = client.get(typed)
    assert (answer.status_code, answer["Location"]) == (301, meant)
    assert client.get(meant).status_code == 200


@pytest.mark.parametrize("typed", ["/Nowhere/.", "/pt/", "/petitions/confirm/ABCdef/", "/DE/nowhere/)"])
def test_an_address_that_means_nothing_here_is_not_found(client, typed):
    assert client.get(typed).status_code == 404


def test_a_page_with_an_unusual_name_is_found_under_it(client):
    make_page("it-works")
    make_page("About-Us")
    assert client.get("/it-works/").status_code == 200
    assert client.get("/About-Us/").status_code == 200


def test_what_is_sent_is_not_led_elsewhere(client):
    assert client.post("/DE/newsletter/", {"email": "a@example.org"}).status_code == 405
