"""Translations: beside their original, shown when staff say so, and known to be out of date."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaign.revisions import history
from campaign.revisions.models import Version
from pages.models import Page
from pages.translation import editor, overview
from tests.pages.factories import make_action, make_audience, make_block, make_page, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    page = make_page(title="Who we are")
    make_block(page, "<p>Words.</p>", heading="History")
    return page


def translate(
    content: Any, is_shown: bool = True, language: str = "de", still_right: tuple[str, ...] = (), **texts: str
) -> None:
    """`texts` by the name of the field."""
    keys = {line.key: texts.get(line.name, "") for line in editor.lines(content, language)}
    editor.translate(content, language=language, texts=keys, still_right=still_right, is_shown=is_shown, by=None)


def outdated(page: Page) -> list[str]:
    return [line.name for line in editor.lines(page, "de") if line.is_outdated]


def test_a_translation_is_shown_in_its_language_only(client, page):
    translate(page, title="Wer wir sind", heading="Geschichte", body="<p>Wörter.</p>")
    german, english, french = (client.get(f"{prefix}/about/").content.decode() for prefix in ("/de", "", "/fr"))
    assert "Wer wir sind" in german
    assert "<p>Wörter.</p>" in german
    assert "Wer wir sind" not in english
    assert "Who we are" in french


def test_a_translation_in_the_making_is_not_shown(client, page):
    translate(page, is_shown=False, title="Wer wir sind")
    assert "Who we are" in client.get("/de/about/").content.decode()
    assert "/de/about/" not in client.get("/sitemap-pages-1.xml").content.decode()


def test_a_translation_keeps_those_in_other_languages(page):
    translate(page, title="Wer wir sind")
    translate(page, language="fr", title="Qui nous sommes")
    page.refresh_from_db()
    assert {code: fields["title"] for code, fields in page.translations.items()} == {
        "de": "Wer wir sind",
        "fr": "Qui nous sommes",
    }


def test_a_translation_is_cleaned(page):
    translate(page, body="<p>x</p><script>alert(1)</script>")
    assert page.blocks.get().translations["de"]["body"] == "<p>x</p>"


def test_a_changed_original_makes_its_translation_outdated(page):
    translate(page, title="Wer wir sind", heading="Geschichte")
    assert outdated(page) == []
    page.title = "Who we really are"
    page.save()
    assert outdated(page) == ["title"]
    translate(page, title="Wer wir sind", heading="Geschichte")
    assert outdated(page) == ["title"]
    translate(page, title="Wer wir wirklich sind", heading="Geschichte")
    assert outdated(page) == []


def test_a_translator_can_say_that_it_is_still_right(page):
    translate(page, title="Wer wir sind")
    page.title = "Who we are."
    page.save()
    key = next(line.key for line in editor.lines(page, "de") if line.name == "title")
    translate(page, title="Wer wir sind", still_right=(key,))
    assert outdated(page) == []


def test_an_emptied_translation_is_gone(page):
    translate(page, title="Wer wir sind")
    translate(page)
    page.refresh_from_db()
    assert not page.shown_translation("de")


def test_a_translation_is_kept_in_the_history(page):
    history.record(page, by=None)
    translate(page, title="Wer wir sind", heading="Geschichte")
    version = Version.objects.of(page)[0]
    assert version.number == 2
    assert version.data["parts"]["blocks"][0]["translations"]["de"]["heading"] == "Geschichte"


def test_an_action_list_is_translated_as_a_whole(client):
    audience = make_audience(name="Doctors")
    make_action(audience, "Ask")
    translate(audience, name="Ärzte", title="Fragen")
    answer = client.get("/de/how-you-can-help/medicine/").content.decode()
    assert "Ärzte" in answer
    assert "Fragen" in answer


def test_progress_counts_texts_and_what_is_out_of_date(page):
    translate(page, title="Wer wir sind")
    german = next(entry for entry in editor.progress(page) if entry.language == "de")
    assert (german.texts, german.translated, german.outdated, german.is_shown) == (3, 1, 0, True)


def url(page: Page, name: str, *rest: str) -> str:
    return reverse(f"admin:pages_page_{name}", args=[page.pk, *rest])


def test_staff_translate_side_by_side(client, page):
    client.force_login(make_staff())
    form = client.get(url(page, "translate", "de")).content.decode()
    assert "<p>Words.</p>" in form
    assert "Who we are" in form
    texts = {line.key: f"<p>{line.name} auf Deutsch</p>" for line in editor.lines(page, "de")}
    client.post(url(page, "translate", "de"), {**texts, "is_shown": "on"})
    assert "<p>body auf Deutsch</p>" in client.get("/de/about/").content.decode()
    assert "3 of 3" in client.get(url(page, "translations")).content.decode()


@pytest.mark.parametrize("language", ["en", "xx", "de-ch"])
def test_only_other_languages_of_the_site_can_be_translated_to(client, page, language):
    client.force_login(make_staff())
    assert client.get(url(page, "translate", language)).status_code == 404


def test_a_text_that_is_too_long_is_refused_and_kept(client, page):
    client.force_login(make_staff())
    texts = {line.key: "x" * 300 for line in editor.lines(page, "de")}
    answer = client.post(url(page, "translate", "de"), texts)
    assert answer.status_code == 200
    assert "at most 200" in answer.content.decode()
    assert "x" * 300 in answer.content.decode()


def edit_page(client: Any, page: Page) -> str:
    url = reverse("admin:pages_page_translate", args=[page.pk, "de"])
    return client.get(url).content.decode()


def test_a_translator_sees_what_was_changed_in_the_original_since(client, page):
    client.force_login(make_staff())
    history.record(page, by=None)
    translate(page, title="Wer wir sind", body="<p>Wörter.</p>")
    assert "Changed since it was translated" not in edit_page(client, page)
    page.title = "Who we really are"
    page.save()
    block = page.blocks.get()
    block.body = "<p>More words.</p>"
    block.save()
    history.record(page, by=None)
    shown = edit_page(client, page)
    places = re.findall(r'<a href="#(\S+_name)">', shown)
    assert [f'<h2 id="{place}">' in shown for place in places] == [True, True]
    assert "Who we <ins>really </ins>are" in shown
    assert "<del>Words.</del><ins>More words.</ins>" in shown


def test_where_no_version_has_what_was_translated_nothing_is_made_up(client, page):
    client.force_login(make_staff())
    translate(page, title="Wer wir sind")
    Version.objects.all().delete()
    page.title = "Who we really are"
    page.save()
    assert "The original was changed after this was translated" in edit_page(client, page)
    assert "Changed since it was translated" not in edit_page(client, page)


def test_outdated_translations_that_visitors_see_are_found(page):
    hidden, audience = make_page("hidden"), make_audience()
    make_action(audience)
    for content in (page, audience):
        translate(content, title="Wer wir sind", name="Medizin")
    translate(hidden, is_shown=False, title="Wer wir sind")
    assert list(overview.outdated()) == []
    Page.objects.update(title="Something else")
    audience.name = "Surgery"
    audience.save()
    found = {each.content: each.languages for each in overview.outdated()}
    assert found == {page: ["Deutsch"], audience: ["Deutsch"]}
    Page.objects.update(state="draft")
    assert [each.content for each in overview.outdated()] == [audience]


def test_they_are_found_in_a_constant_number_of_queries(page):
    def number() -> int:
        with CaptureQueriesContext(connection) as queries:
            list(overview.outdated())
        return len(queries)

    translate(page, title="Wer wir sind")
    before = number()
    for place in range(3):
        other = make_page(f"other-{place}")
        make_block(other, "<p>Words.</p>")
        translate(other, title="Anderes")
    assert number() == before
