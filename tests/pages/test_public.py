"""What holds for every public page of the app: cacheable, no cookie, a constant number of queries, never a 5xx."""

import re
import xml.etree.ElementTree as ET
from datetime import date
from typing import Any

import pytest

from pages.content import sitemaps
from pages.models import Page, SiteSettings
from tests.pages.factories import (
    make_action,
    make_audience,
    make_block,
    make_entry,
    make_letter_campaign,
    make_news_item,
    make_page,
)
from tests.petitions.factories import make_petition

pytestmark = pytest.mark.django_db

# The addresses, and how many queries each may take; the menus and the site settings with their accounts are three.
PAGES = {
    "/": 10,
    "/petitions/stop/": 9,
    "/about/": 11,
    "/news/": 6,
    "/news/item-1/": 11,
    "/how-you-can-help/audience-1/": 12,
}
OTHERS = {"/news/feed.xml": 3, "/sitemap.xml": 5, "/sitemap-pages-1.xml": 2, "/robots.txt": 0}


def make_site(number: int) -> None:
    """A site with `number` of everything."""
    page = make_page("about", menu="header")
    for place in range(1, number + 1):
        make_page(f"page-{place}", parent=page, menu="footer")
        make_entry(f"Entry {place}")
        make_action(make_audience(f"audience-{place}"), target_page=page, link_text="Go").sources.create(title="Source")
        for block in (
            {"kind": "text"},
            {"kind": "timeline"},
            {"kind": "actions"},
            {"kind": "person", "heading": "Ana"},
            {"kind": "call", "target_page": page},
        ):
            make_block(page, **block)
        item = make_news_item(f"item-{place}", published_on=date(2020, 1, place))
        item.blocks.create(body="<p>x</p>")
        item.cosigners.create(organisation="Somebody")
    settings = SiteSettings.objects.create(
        name="A campaign", introduction="We are.", petition=make_petition(), letter_campaign=make_letter_campaign()
    )
    settings.accounts.create(label="Mastodon", url="https://social.example/@us")


@pytest.mark.parametrize("number", [1, 9])
@pytest.mark.parametrize(("path", "queries"), (PAGES | OTHERS).items())
def test_the_number_of_queries_does_not_grow_with_the_site(client, django_assert_num_queries, path, queries, number):
    make_site(number)
    with django_assert_num_queries(queries):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", PAGES | OTHERS)
def test_public_pages_are_cacheable_and_set_no_cookie(client, path):
    make_site(1)
    answer = client.get(path)
    assert answer.headers["Cache-Control"].startswith("public, max-age=10")
    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize("path", PAGES)
def test_pages_have_one_h1_and_no_nonce(client, path):
    make_site(1)
    answer = client.get(path)
    assert answer.content.decode().count("<h1") == 1
    assert "nonce" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_there_in_every_language(client, path):
    make_site(1)
    assert client.get(f"/ar{path}").status_code == 200


def test_the_first_page_is_there_on_an_empty_site(client):
    assert client.get("/").status_code == 200


def test_the_first_page_shows_the_ask_the_count_the_letter_and_three_news(client):
    make_site(4)
    answer = client.get("/").content.decode()
    assert "Stop it" in answer
    assert "Nobody has signed yet" in answer
    assert "Please support it." in answer
    assert [f"Item {number}" in answer for number in (1, 2, 3, 4)] == [False, True, True, True]


def test_the_first_page_says_who_it_happens_to_where_staff_have_said_so(client):
    make_site(1)
    assert "Please stop it." in client.get("/").text
    SiteSettings.objects.update(
        opening="It happens to prisoners.", translations={"de": {"opening": "Es trifft Gefangene."}}
    )
    assert "It happens to prisoners." in client.get("/").text
    assert "Please stop it." not in client.get("/").text
    assert "Es trifft Gefangene." in client.get("/de/").text


def test_a_petition_shows_what_it_rests_on_and_who_stands_behind_it_below_its_text(client):
    make_site(4)
    make_block(Page.objects.get(path="about"), kind="person", heading="Ana Example")
    SiteSettings.objects.update(introduction="We are lawyers.")
    page = client.get("/petitions/stop/").text.partition("<main")[2].partition("</main>")[0]
    places = [
        page.index(words) for words in ("Two.", "Entry 4", "We are lawyers.", "Ana Example", "on paper?", "QR code")
    ]
    assert places == sorted(places)
    assert "Entry 1" not in page
    assert page.count('href="/about/"') == 2


@pytest.mark.parametrize(("fields", "asks"), [({}, True), ({"delivered_on": date(2026, 1, 1)}, False)])
def test_a_petition_that_was_handed_over_does_not_say_that_it_will_be(client, fields, asks):
    make_petition(**fields)
    assert ("When will the petition be handed over?" in client.get("/petitions/stop/").text) == asks


def test_nobody_is_told_how_to_sign_what_cannot_be_signed(client):
    make_petition(is_paused=True)
    assert "Questions before you sign" not in client.get("/petitions/stop/").text


def test_an_article_says_how_long_it_takes_to_read_in_the_language_it_is_shown_in(client):
    words = {"de": {"title": "Titel", "summary": "Es geschah."}}
    item = make_news_item("long", summary="It happened.", translations=words)
    item.blocks.create(body=f"<p>{'word ' * 660}</p>", translations={"de": {"body": f"<p>{'Wort ' * 1100}</p>"}})
    assert "3 minutes to read" in client.get("/news/long/").text
    assert "5 Minuten Lesezeit" in client.get("/de/news/long/").text


HOSTILE = [
    "?page=1e1000", "?page=-1", "?page=" + "9" * 5000, "?page=%00", "?page=%ff%fe",
    "?category=%00", "?category=%ed%a0%80",
    "?page=1&page=2", "?category[]=x", "?" + "a=1&" * 900, "?page=%", "?q=%2e%2e%2f", "?page[x]=1",
]  # fmt: skip
HOSTILE_PATHS = [
    "/%00/", "/about%00/", "/%ff/", "/%ed%a0%80/", "/" + "a" * 5000 + "/", "/a/../b/", "/.git/config", "/news/%00/",
    "/news/%ff/",
    "/how-you-can-help/%00/", "/%2e%2e/", "/about/%0d%0aSet-Cookie:x/", "/ar/%00/", "/💥/",
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE)
@pytest.mark.parametrize("path", ["/news/", "/about/"])
def test_hostile_queries_are_never_an_error_of_ours(client, path, query):
    make_site(1)
    assert client.get(path + query).status_code < 500


@pytest.mark.parametrize("path", HOSTILE_PATHS)
def test_hostile_addresses_are_refused(client, path):
    assert 400 <= client.get(path).status_code < 500


def test_news_are_listed_newest_first_and_by_category(client):
    make_news_item("old", published_on="2020-01-01", category="statement")
    make_news_item("new", published_on="2024-01-01")
    make_news_item("hidden", state="draft")
    answer = client.get("/news/").content.decode()
    assert answer.index("New</a>") < answer.index("Old</a>")
    assert "Hidden" not in answer
    assert "New</a>" not in client.get("/news/?category=statement").content.decode()


def test_a_long_list_of_news_has_pages(client):
    for number in range(45):
        make_news_item(f"item-{number}", published_on=date(2020, 1, 1))
    assert "Page 3 of 3" in client.get("/news/?page=99").content.decode()


def test_a_statement_names_who_signed_it_and_whom_to_ask(client):
    item = make_news_item()
    item.cosigners.create(organisation="Doctors", contact="Dr. Test", email="press@example.org")
    answer = client.get("/news/something-happened/").content.decode()
    assert "Doctors" in answer
    assert "Dr. Test" in answer
    assert "press@example.org" in answer


def test_the_feed_is_atom_with_the_newest_items(client):
    make_news_item("first", title="First & Last", published_on="2024-05-08", summary="<b>x</b>")
    make_news_item("draft", state="draft")
    answer = client.get("/news/feed.xml")
    feed = ET.fromstring(answer.content)  # noqa: S314  # our own text
    atom = "{http://www.w3.org/2005/Atom}"
    entries = feed.findall(f"{atom}entry")
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert feed.tag == f"{atom}feed"
    assert all(feed.find(f"{atom}{name}") is not None for name in ("title", "id", "updated", "link"))
    assert [entry.findtext(f"{atom}title") for entry in entries] == ["First & Last"]
    assert entries[0].findtext(f"{atom}summary") == "<b>x</b>"
    assert entries[0].findtext(f"{atom}published") == "2024-05-08T00:00:00+00:00"


@pytest.mark.parametrize("language", ["", "/de"])
def test_feed_and_items_are_known_by_their_addresses_which_readers_have_seen_already(client, language, settings):
    settings.ALLOWED_HOSTS = ["*"]
    SiteSettings.objects.create(name="The coalition", strapline="All of us")
    make_news_item("first")
    answer = client.get(f"{language}/news/feed.xml", headers={"host": "other.example"})
    feed = ET.fromstring(answer.content)  # noqa: S314  # our own text
    atom = "{http://www.w3.org/2005/Atom}"
    ids = [each.text for each in feed.iter(f"{atom}id")]
    assert ids == [f"http://testserver{language}/news/", f"http://testserver{language}/news/first/"]
    links = [(each.get("rel"), each.get("href")) for each in feed.iter(f"{atom}link")]
    assert links == [("alternate", ids[0]), ("self", f"{ids[0]}feed.xml"), ("alternate", ids[1])]
    assert feed.findtext(f"{atom}author/{atom}name") == "The coalition"
    assert feed.findtext(f"{atom}author/{atom}uri") == f"http://testserver{language}/"
    assert feed.findtext(f"{atom}subtitle") == "All of us"


def test_the_sitemap_lists_what_is_published_in_the_languages_it_is_translated_to(client):
    make_page("about", translations={"de": {"title": "Über uns"}})
    make_page("plans", state="draft")
    answer = client.get("/sitemap-pages-1.xml")
    name = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
    places = [place.text for place in ET.fromstring(answer.content).iter(name)]  # noqa: S314  # our own text
    assert "http://testserver/about/" in places
    assert "http://testserver/de/about/" in places
    assert not any("plans" in str(place) for place in places)


def test_the_sitemap_names_the_other_languages_of_each_address(client):
    make_page("about", translations={"de": {"title": "Über uns"}})
    text = client.get("/sitemap-pages-1.xml").content.decode()
    german = '<xhtml:link rel="alternate" hreflang="de" href="http://testserver/de/about/"/>'
    assert text.count(german) == 2  # beside the English address, and beside its own
    assert text.count('hreflang="x-default" href="http://testserver/about/"/>') == 2
    assert 'hreflang="ar" href="http://testserver/ar/news/"' in client.get("/sitemap-sections-1.xml").content.decode()


def alternates(client: Any, address: str) -> list[tuple[str, str, str]]:
    head = client.get(address).content.decode().partition("</head>")[0]
    return re.findall(r'rel="(\w+)"\s+(?:hreflang="([\w-]+)"\s+)?href="http://testserver(/[^"]*)"', head)


def test_a_page_names_the_languages_that_its_text_has_and_its_original_where_it_has_none(client):
    make_page("about", translations={"de": {"title": "Über uns"}})
    versions = [
        ("alternate", "en", "/about/"),
        ("alternate", "x-default", "/about/"),
        ("alternate", "de", "/de/about/"),
    ]
    assert sorted(alternates(client, "/de/about/")) == sorted([("canonical", "", "/de/about/"), *versions])
    assert sorted(alternates(client, "/fr/about/")) == sorted([("canonical", "", "/about/"), *versions])


def test_a_petition_is_in_the_map_and_named_in_every_language_it_has(client):
    petition = make_petition()
    english = petition.texts.get()
    for language, is_draft in (("fr", False), ("ja", True)):
        english.pk, english.language, english.is_draft = None, language, is_draft
        english.save(force_insert=True)
    address = f"/petitions/{petition.slug}/"
    places = re.findall(r"<loc>http://testserver(.*?)</loc>", client.get("/sitemap-petitions-1.xml").content.decode())
    assert places == [address, f"/fr{address}"]
    named = {(code, path) for rel, code, path in alternates(client, f"/ja{address}") if rel == "alternate" and code}
    assert named == {("en", address), ("x-default", address), ("fr", f"/fr{address}")}
    assert ("canonical", "", address) in alternates(client, f"/ja{address}")


def test_the_sitemap_names_the_sites_own_addresses_wherever_it_is_asked_for(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    make_page("about")
    for path in ("/sitemap.xml", "/sitemap-pages-1.xml", "/sitemap-sections-1.xml"):
        text = client.get(path, headers={"host": "other.example"}).content.decode()
        assert "http://testserver/" in text
        assert "other.example" not in text


def test_the_sitemap_tells_when_a_page_was_changed(client):
    page = make_page("about")
    place = f"<lastmod>{page.updated_at.strftime('%Y-%m-%dT%H:%M')}"
    assert place in client.get("/sitemap-pages-1.xml").content.decode()


def test_the_sitemap_has_as_many_parts_as_it_needs(client, monkeypatch):
    monkeypatch.setattr(sitemaps, "ROWS_IN_A_PART", 2)
    for number in range(3):
        make_page(f"page-{number}")
    index = client.get("/sitemap.xml").content.decode()
    parts = re.findall("<loc>http://testserver(.*?)</loc>", index)
    assert parts == ["/sitemap-sections-1.xml", "/sitemap-pages-1.xml", "/sitemap-pages-2.xml"]
    pages = "".join(client.get(part).content.decode() for part in parts)
    assert all(pages.count(f"<loc>http://testserver/page-{number}/</loc>") == 1 for number in range(3))
    assert client.get("/sitemap-nothing-1.xml").status_code == 404


def test_robots_are_kept_from_personal_pages(client):
    answer = client.get("/robots.txt").content.decode()
    assert "Disallow: /petitions/confirm/" in answer
    assert "Sitemap: http://testserver/sitemap.xml" in answer
