"""What search engines read: complete, from the data, and harmless whatever staff typed."""

import json
import re
from datetime import date
from typing import Any

import pytest

from pages.models import SiteSettings
from tests.pages.factories import make_audience, make_news_item, make_page, make_picture
from tests.pages.payloads import PAYLOADS

pytestmark = pytest.mark.django_db
SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>')


def data_on(client: Any, path: str) -> list[dict[str, Any]]:
    return [json.loads(text) for text in SCRIPT.findall(client.get(path).content.decode())]


def test_the_first_page_says_who_asks(client):
    logo = make_picture("logo")
    site = SiteSettings.objects.create(name="A campaign", contact_email="a@b.example", introduction="Who.", logo=logo)
    site.accounts.create(label="Mastodon", url="https://social.example/@us")
    assert data_on(client, "/") == [
        {
            "@context": "https://schema.org",
            "@type": "Organization",
            "name": "A campaign",
            "url": "http://testserver/",
            "description": "Who.",
            "logo": f"http://testserver{logo.src}",
            "email": "a@b.example",
            "sameAs": ["https://social.example/@us"],
        }
    ]


def test_a_news_item_says_when_by_whom_and_in_which_language(client):
    SiteSettings.objects.create(name="A campaign")
    german = {"de": {"title": "Neu", "summary": "Es geschah."}}
    make_news_item("x", published_on=date(2024, 5, 8), translations=german)
    article, trail = data_on(client, "/de/news/x/")
    assert (article["headline"], article["inLanguage"], article["datePublished"]) == ("Neu", "de", "2024-05-08")
    assert article["image"] == "http://testserver/de/news/x/picture.png"
    assert article["publisher"]["name"] == "A campaign"
    assert trail["itemListElement"][-1]["item"] == "http://testserver/de/news/x/"


def test_pages_say_what_stands_above_them(client):
    make_page("team", parent=make_page("about"))
    make_audience("medicine")
    names = [step["name"] for step in data_on(client, "/about/team/")[0]["itemListElement"]]
    assert names == ["Home", "About", "Team"]
    assert data_on(client, "/how-you-can-help/medicine/")[0]["itemListElement"][1]["name"] == "How you can help"


@pytest.mark.parametrize("payload", [*PAYLOADS, "</script><script>alert(1)</script>"])
def test_nothing_that_staff_type_ends_the_script(client, payload):
    item = make_news_item("x", title=payload[:200], summary=payload)
    item.refresh_from_db()  # control characters are folded on saving
    article, _trail = data_on(client, "/news/x/")
    assert article["description"] == item.summary
