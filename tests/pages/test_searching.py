"""Finding news: by word in the visitor's language, by year, by what is related."""

from typing import Any

import pytest

from campaign.revisions import history
from pages.models import NewsItem
from pages.news import search
from tests.pages.factories import make_news_item

pytestmark = pytest.mark.django_db


def make(slug: str, body: str = "", **fields: Any) -> NewsItem:
    item = make_news_item(slug, **fields)
    if body:
        item.blocks.create(body=body)
    search.index(item)
    return item


def found(client: Any, question: str, language: str = "") -> list[str]:
    answer = client.get(f"{language}/news/", {"q": question})
    return [item.slug for item in answer.context["items"]]


def test_words_are_found_in_title_summary_text_and_signers_whatever_their_ending(client):
    make("title", title="Senators wrote letters")
    make("summary", summary="A letter was written.")
    make("body", "<p>They were <strong>writing</strong> a letter.</p>")
    signed = make("signed")
    signed.cosigners.create(organisation="Letter Writers")
    search.index(signed)
    make("other", title="Nothing of the kind")
    assert set(found(client, "letter")) == {"title", "summary", "body", "signed"}


def test_all_words_must_be_there_a_phrase_in_its_order_and_none_that_was_excluded(client):
    make("one", title="European Parliament adopts resolution")
    make("two", title="Parliament of another continent")
    assert found(client, "european parliament") == ["one"]
    assert found(client, '"parliament adopts"') == ["one"]
    assert found(client, "parliament -european") == ["two"]


def test_a_translation_is_found_in_its_language_and_the_original_everywhere(client):
    make("item", title="Transplants", translations={"de": {"title": "Verpflanzungen", "summary": "Es geschah."}})
    assert found(client, "Verpflanzung", "/de") == ["item"]
    assert found(client, "transplant", "/de") == ["item"]
    assert found(client, "Verpflanzung") == []


@pytest.mark.parametrize(("language", "title", "asked"), [
    ("zh-hant", "中國的器官移植", "器官移植"),
    ("ja", "臓器移植について", "臓器移植"),
    ("ko", "장기이식에 관하여", "장기이식"),
    ("he", "השתלת איברים", "איברים"),
    ("vi", "Ghép tạng ở Trung Quốc", "tạng"),
    ("ar", "زراعة الأعضاء", "الأعضاء"),
])  # fmt: skip
def test_every_script_can_be_searched(client, language, title, asked):
    make("item", translations={language: {"title": title, "summary": "."}})
    assert found(client, asked, f"/{language}") == ["item"]


def test_a_draft_is_not_found(client):
    make("draft", title="Secret", state="draft")
    assert found(client, "secret") == []


def test_what_staff_save_is_found_at_once(client):
    item = make_news_item("item", title="Before")
    history.record(item, by=None)
    item.title = "Afterwards"
    item.save()
    history.record(item, by=None)
    assert found(client, "afterwards") == ["item"]
    assert found(client, "before") == []


@pytest.mark.parametrize("question", ["'", "\\", "a & | !", "((", ":*", "%00", "x" * 5000, "<b>", "-", '"'])
def test_no_question_breaks_the_search(client, question):
    make("item")
    assert client.get("/news/", {"q": question}).status_code == 200


def test_a_question_is_shown_escaped(client):
    assert "<script>" not in client.get("/news/", {"q": "<script>x"}).content.decode().partition("<main")[2]


def test_news_are_kept_by_year(client):
    make("old", published_on="2020-05-05")
    make("new", published_on="2024-05-05")
    answer = client.get("/news/?year=2020")
    assert [item.slug for item in answer.context["items"]] == ["old"]
    assert "?year=2024" in answer.content.decode()


@pytest.mark.parametrize("year", ["0", "99999", "abc", "-1", "1e3", "\u0662\u0660\u0662\u0660"])
def test_a_year_that_is_none_is_as_if_not_chosen(client, year):
    make("item")
    assert len(client.get("/news/", {"year": year}).context["items"]) == 1


def test_an_item_leads_on_to_others_of_its_kind(client):
    make("one", category="statement")
    make("two", category="statement", title="The other statement")
    make("three", category="article", title="An article")
    answer = client.get("/news/one/").content.decode()
    assert "The other statement" in answer
    assert "An article" not in answer
