"""Finding news: by word in the visitor's language, by year, by what is related."""

import unicodedata
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaign.revisions import history
from pages.models import NewsItem, Page, SearchText
from pages.search import indexing
from pages.tasks import index_missing
from tests.letters.factories import make_campaign
from tests.pages.factories import make_action, make_audience, make_block, make_entry, make_news_item, make_page
from tests.petitions.factories import make_petition, make_text

pytestmark = pytest.mark.django_db


def make(slug: str, body: str = "", **fields: Any) -> NewsItem:
    item = make_news_item(slug, **fields)
    if body:
        item.blocks.create(body=body)
    indexing.index(item)
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
    indexing.index(signed)
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


@pytest.mark.parametrize(("language", "text", "asked"), [
    ("ja", "時々の出来事", "時々"),
    ("ja", "人々の声を聞く", "人々の声"),
    ("ja", "佐々〻木の記録", "々〻木"),
    ("ja", "ドナーの権利", "ドナー"),
    ("ja", "ドナーの権利", "ﾄﾞﾅｰ"),
    ("ja", "肝移植の記録", "肝"),
    ("zh-hant", "被迫捐肝", "肝"),
    ("zh-hant", "中國的器官移植", "器官移植 中国"),
    ("zh-hans", "强摘器官的证据", "強摘器官的證據"),
    ("ko", "장기이식에 관하여", unicodedata.normalize("NFD", "장기이식")),
    ("vi", "Ghép tạng ở Trung Quốc", "ghep tang"),
    ("vi", "Ghép tạng ở Trung Quốc", unicodedata.normalize("NFD", "tạng")),
    ("vi", "Bằng chứng đã có từ lâu", "bang chung da co"),
    ("fr", "Les prélèvements forcés", "prelevements"),
    ("fr", unicodedata.normalize("NFD", "Les prélèvements forcés"), "prélèvement"),
    ("es", "El año de la declaración", "declaracion"),
    ("he", "ההשתלות והאיברים בסין", "איברים"),
    ("he", "ההשתלות והאיברים בסין", "סין"),
    ("he", "איברים", "האיברים"),
    ("he", "קְצִירַת אֵיבָרִים", "קצירת"),
    ("ar", "وللأعضاء حرمتها", "أعضاء"),
    ("ar", "والأعضاء البشرية", "اعضاء"),
    ("ar", "زِراعة الأعْضاء في الصين", "زراعه"),
    ("ar", "زراعة الكلى", "فالكلى"),
    ("de", "Der Organraub in China", "Organ"),
    ("de", "Die Menschenrechtslage", "Menschenrechte"),
    ("de", "Zwangsorganentnahme", "zwangsorgan"),
    ("en", "A café in Geneva", "cafe"),
])  # fmt: skip
def test_text_is_found_as_people_of_its_language_type_it(client, language, text, asked):
    translations = {} if language == "en" else {language: {"title": text, "summary": "."}}
    make("item", title=text if language == "en" else "A title", translations=translations)
    assert found(client, asked, "" if language == "en" else f"/{language}") == ["item"]


@pytest.mark.parametrize(("language", "text", "asked"), [
    ("vi", "Thuế tăng", "tạng"),
    ("zh-hant", "器具與官員", "器官"),
    ("ja", "心臓の検査", "肝"),
    ("he", "השתלת איברים", "תלת"),
    ("de", "Der Organraub", "Raub"),
    ("de", "Der Organraub", "Organ -Organraub"),
])  # fmt: skip
def test_other_words_that_look_like_it_are_not_found(client, language, text, asked):
    make("item", translations={language: {"title": text, "summary": "."}})
    assert found(client, asked, f"/{language}") == []


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


def hits(client: Any, question: str, language: str = "") -> list[tuple[str, str]]:
    answer = client.get(f"{language}/search/", {"q": question})
    return [(hit.title, hit.url.removeprefix(language)) for hit in answer.context["hits"]]


def make_evidence(title: str = "Evidence", **fields: Any) -> Page:
    page = make_page("evidence", title=title, **fields)
    make_block(page, kind="timeline")
    return page


def saved(*contents: Any) -> None:
    for content in contents:
        history.record(content, by=None)


def test_pages_actions_lists_evidence_and_news_are_found_together_with_the_way_to_each(client):
    page, audience = make_page("who", title="Kidneys"), make_audience("doctors", lede="They know of kidneys.")
    action, entry = make_action(audience, "Ask where the kidney came from"), make_entry("A kidney within two weeks")
    saved(page, audience, make_evidence(), entry, make_news_item("news", title="Kidney sold"))
    assert set(hits(client, "kidney")) == {
        ("Kidneys", "/who/"),
        ("Doctors", "/how-you-can-help/doctors/"),
        ("Ask where the kidney came from", f"/how-you-can-help/doctors/#action-{action.pk}"),
        ("A kidney within two weeks", f"/evidence/#entry-{entry.pk}"),
        ("Kidney sold", "/news/news/"),
    }
    assert f'id="entry-{entry.pk}"' in client.get("/evidence/").content.decode()


def make_appeals() -> tuple[Any, Any]:
    petition, campaign = make_petition(), make_campaign(title="A kidney is no merchandise")
    make_text(petition, version=2, title="Stop the trade in kidneys")
    make_text(petition, "de", title="Stoppt den Handel mit Nieren", summary="Bitte.", body="Eins.")
    campaign.texts.create(language="de", title="Eine Niere ist keine Ware", ask="Bitte.", summary="Es ist wichtig.")
    saved(petition, campaign)
    return petition, campaign


def test_petitions_and_letter_campaigns_are_found_in_the_readers_language(client):
    make_appeals()
    in_german = {
        ("Stoppt den Handel mit Nieren", "/petitions/stop/"),
        ("Eine Niere ist keine Ware", "/letters/support/"),
    }
    assert set(hits(client, "Niere", "/de")) == set(hits(client, "kidney", "/de")) == in_german
    assert {title for title, _url in hits(client, "kidney")} == {
        "Stop the trade in kidneys",
        "A kidney is no merchandise",
    }
    assert hits(client, "Niere") == []
    assert "Stop it" not in client.get("/search/", {"q": "united nations"}).content.decode()  # the older wording


def test_appeals_that_are_not_listed_and_drafts_of_wordings_are_not_found(client):
    petition, campaign = make_appeals()
    make_text(petition, version=3, title="A lung is no merchandise", is_draft=True)
    saved(petition)
    assert hits(client, "lung") == []
    for appeal, visibility in ((petition, "archived"), (campaign, "removed")):
        appeal.visibility = visibility
        appeal.save()
    assert hits(client, "kidney") == []
    saved(make_petition("draft", visibility="draft"), petition, campaign)
    index_missing()
    assert not SearchText.objects.exists()


def test_a_petition_that_was_published_without_a_version_is_indexed_by_the_clock(client):
    make_petition()
    index_missing()
    with CaptureQueriesContext(connection) as asked:
        index_missing()
    assert len(asked) == len(indexing.SOURCES)
    assert hits(client, "stop") == [("Stop it", "/petitions/stop/")]


def test_what_visitors_cannot_see_is_not_found(client):
    later = timezone.now() + timedelta(hours=1)
    hidden, audience = make_audience("hidden", state="draft"), make_audience("seen")
    saved(
        hidden, audience, make_action(hidden, "Secret"), make_action(audience, "Secret", state="draft"),
        make_entry("Secret"),
        make_page(title="Secret", state="retired"), make_page("x", title="Secret", publish_at=later),
    )  # fmt: skip
    assert hits(client, "secret") == []


def test_a_title_counts_more_than_the_text(client):
    in_text = make_page("one", title="Something")
    make_block(in_text, "<p>Kidney</p>")
    saved(in_text, make_page("two", title="Kidney"))
    assert [title for title, _url in hits(client, "kidney")] == ["Kidney", "Something"]


def test_what_is_translated_in_part_is_found_and_shown_as_it_was_written(client):
    page = make_page("one", title="Kidneys", translations={"de": {"title": "Nieren"}})
    saved(page)
    assert hits(client, "nieren", "/de") == [("Nieren", "/one/")]
    make_block(page, "<p>Not translated.</p>")
    saved(page)
    assert hits(client, "nieren", "/de") == []
    assert hits(client, "kidneys", "/de") == [("Kidneys", "/one/")]


@pytest.mark.parametrize("number", [1, 9])
def test_a_search_takes_no_more_queries_the_more_it_finds(client, django_assert_max_num_queries, number):
    page, audience = make_evidence("Kidney"), make_audience("kidney")
    for each in range(number):
        make_action(audience, f"Kidney {each}")
        make_block(page, "<p>Kidney</p>")
        saved(make_entry(f"Kidney {each}"), make_news_item(f"kidney-{each}"), make_page(f"kidney-{each}", parent=page))
    saved(page, audience)
    with django_assert_max_num_queries(16):
        assert len(client.get("/de/search/", {"q": "kidney"}).context["hits"]) == min(3 * number + number + 2, 20)


@pytest.mark.parametrize("question", ["", " ", "?!", "the", "or", "-", '"', "肝" * 300])
def test_a_question_without_a_word_finds_nothing(client, question):
    saved(make_page())
    assert hits(client, question) == []


def test_what_an_older_release_saved_is_indexed_by_the_clock(client):
    make_page("old", title="Kidneys")
    assert hits(client, "kidneys") == []
    index_missing()
    assert hits(client, "kidneys") == [("Kidneys", "/old/")]
