"""The feed of news is Atom as RFC 4287 has it, whatever staff write, in every language."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from lxml import etree

from pages.models import NewsItem, SiteSettings
from tests.pages.factories import make_news_item

ATOM = "{http://www.w3.org/2005/Atom}"
SCHEMA = etree.RelaxNG(etree.parse(Path(__file__).parent / "atom.rng"))
CODES = [code for code, _name in settings.LANGUAGES]


def check(content: bytes) -> etree._Element:
    """Return the feed; fail on what no schema says as well as on what does not follow it."""
    feed = etree.fromstring(content, etree.XMLParser(resolve_entities=False, huge_tree=False))
    SCHEMA.assertValid(feed)
    ids = [each.text for each in feed.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids))
    for each in [feed, *feed.iter(f"{ATOM}entry")]:
        links = [link for link in each.findall(f"{ATOM}link") if link.get("rel", "alternate") == "alternate"]
        assert len({(link.get("type"), link.get("hreflang")) for link in links}) == len(links) == 1
    assert [link.get("rel") for link in feed.findall(f"{ATOM}link")].count("self") == 1
    return feed


@pytest.mark.django_db
@pytest.mark.parametrize("code", CODES)
def test_it_is_valid_in_each_language(client: Client, code: str) -> None:
    SiteSettings.objects.create(name="Doctors & Lawyers <the coalition>", strapline="")
    make_news_item("first", title="First & <last>", summary="<b>bold</b> ]]> & more")
    make_news_item("second", title="عنوان \u202eabc\u202c", summary="")
    answer = client.get("/news/feed.xml" if code == "en" else f"/{code}/news/feed.xml")
    feed = check(answer.content)
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == code
    assert {each.text for each in feed.iter(f"{ATOM}title")} >= {"First & <last>"}


@pytest.mark.django_db
def test_it_is_valid_without_any_news(client: Client) -> None:
    assert check(client.get("/news/feed.xml").content).findall(f"{ATOM}entry") == []


@pytest.mark.django_db
@pytest.mark.parametrize("broken", ["title", "id", "updated", "author"])
def test_a_feed_that_lacks_something_is_noticed(client: Client, broken: str) -> None:
    feed = etree.fromstring(client.get("/news/feed.xml").content)
    for each in feed.findall(f"{ATOM}{broken}"):
        feed.remove(each)
    with pytest.raises(etree.DocumentInvalid):
        check(etree.tostring(feed))


class TestWhateverStaffWrite(TestCase):
    """Rows that were written past the forms, too: what makes the feed folds what XML cannot say."""

    @hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40))
    def test_it_is_valid(self, text: str) -> None:
        SiteSettings.objects.update_or_create(pk=1, defaults={"name": f"Coalition {text}", "strapline": text})
        make_news_item("first")
        NewsItem.objects.update(title=text, summary=text)
        check(self.client.get("/news/feed.xml").content)
