"""A text that is translated in part is read whole in the language it was written in, never as a mixture."""

import re
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from pages.models import SiteSettings
from pages.newsletter import sending
from pages.publishing.translatable import text_digest
from tests.pages.factories import make_action, make_audience, make_block, make_news_item, make_page, make_staff
from tests.pages.test_newsletter import as_saved, make_issue, make_subscribers

pytestmark = pytest.mark.django_db

WORD = "Was noch nicht vollständig übersetzt ist"
TITLE = {"de": {"title": "Wer wir sind"}}
BODY = {"de": {"body": "<p>Wörter.</p>"}}


def german(client: Any, address="/about/") -> str:
    return client.get(f"/de{address}").content.decode()


def test_a_page_without_the_translation_of_a_block_is_shown_as_it_was_written(client):
    page = make_page(title="Who we are", translations=TITLE)
    make_block(page, "<p>Words.</p>", translations=BODY)
    assert "Wer wir sind" in german(client)
    assert WORD not in german(client)
    make_block(page, "<p>More words.</p>")
    shown = german(client)
    assert "Wer wir sind" not in shown
    assert "Wörter." not in shown
    assert "Who we are" in shown
    assert WORD in shown
    assert "/de/about/" not in client.get("/sitemap-pages-1.xml").content.decode()


def test_a_page_is_whole_without_a_translation_of_what_another_text_stands_in_for(client):
    make_page(title="Who we are", seo_title="About the coalition", translations=TITLE)
    shown = german(client)
    assert "<title>Wer wir sind" in shown
    assert "About the coalition" not in shown


def test_a_news_item_without_its_summary_in_a_language_is_not_shown_in_it(client):
    item = make_news_item(title="Transplants", summary="A summary.", translations={"de": {"title": "Verpflanzungen"}})
    for shown in (german(client, item.get_absolute_url()), german(client, "/news/"), german(client, "/")):
        assert "Verpflanzungen" not in shown
        assert "Transplants" in shown
    assert WORD in german(client, item.get_absolute_url())


def test_an_action_is_shown_whole_as_it_was_written_beside_those_that_are_translated(client):
    audience = make_audience(name="Doctors", translations={"de": {"name": "Ärzte"}})
    make_action(audience, "Ask", translations={"de": {"title": "Fragen"}})
    action = make_action(audience, "Refuse", translations={"de": {"title": "Ablehnen"}})
    assert WORD not in german(client, audience.get_absolute_url())
    action.examples.create(place="Spain", what="It passed a law.", source="The law", happened_on="2010-01-01")
    shown = german(client, audience.get_absolute_url())
    assert "Ablehnen" not in shown
    assert "Fragen" in shown
    assert WORD in shown


def test_each_sentence_of_the_site_says_in_which_language_it_is(client):
    SiteSettings.objects.create(
        name="Name", banner="Urgent", introduction="We are.", translations={"de": {"introduction": "Wir sind."}}
    )
    shown = german(client, "/")
    assert '<p class="wide" lang="en" dir="ltr">' in shown
    assert "<p>Wir sind.</p>" in shown


def test_readers_of_a_half_translated_issue_get_all_of_it_as_it_was_written(outbox_drained):
    make_subscribers("a", language="de")
    sending.start(make_issue(translations={"de": {"subject": "Neues"}}), by=None)
    outbox_drained()
    sent: Any
    (sent,) = mail.outbox
    assert sent.subject == "News"
    assert "nicht in Ihre Sprache übersetzt" in sent.body
    html = str(sent.alternatives[0][0])
    assert "nicht in Ihre Sprache übersetzt" in html
    assert '<div lang="en" dir="ltr"><h2>One</h2>' in html


def test_sending_names_the_languages_that_are_translated_in_part(client):
    make_subscribers("a", "b", language="de")
    issue = make_issue(translations={"de": {"subject": "Neues"}, "fr": {"subject": "Nouvelles", "body": "<p>x</p>"}})
    client.force_login(make_staff())
    shown = client.get(reverse("admin:pages_issue_change", args=[issue.pk])).content.decode()
    assert "<bdi>Deutsch</bdi> (2)" in shown
    assert "Français</bdi> (" not in shown
    act = reverse("admin:pages_issue_act", args=[issue.pk, "start"])
    answer = client.post(act, as_saved(issue) | {"is_sure": "on"}, follow=True)
    assert "as the translation is not whole: Deutsch." in answer.content.decode()


def test_the_list_of_translations_says_how_many_texts_are_missing(client):
    make_block(page := make_page(translations=TITLE), "<p>Words.</p>")
    client.force_login(make_staff())
    shown = client.get(reverse("admin:pages_page_translations", args=[page.pk])).content.decode()
    assert "not yet: 1 text is missing" in shown


def test_arabic_is_written_from_right_to_left_beside_its_original(client):
    make_block(page := make_page(), "<p>Words.</p>")
    client.force_login(make_staff())
    shown = client.get(reverse("admin:pages_page_translate", args=[page.pk, "ar"])).content.decode()
    assert shown.count('lang="ar" dir="rtl"') == 2


def test_what_people_at_risk_decide_by_is_never_shown_in_a_translation_of_an_older_original(client):
    older = {
        "de": {
            "lede": "Wir speichern nichts.",
            "title": "Datenschutz",
            "_from": {"lede": text_digest("We keep nothing.")},
        }
    }
    make_page("privacy", title="Privacy", lede="We keep your name, sealed.", translations=older)
    make_page("about", title="About", lede="We keep your name, sealed.", translations=older)
    assert "Wir speichern nichts." in german(client, "/about/")
    shown = german(client, "/privacy/")
    assert "Wir speichern nichts." not in shown
    assert "We keep your name, sealed." in shown
    assert WORD in shown


def test_a_block_of_what_they_decide_by_that_was_changed_shows_the_whole_page_as_it_was_written(client):
    page = make_page("privacy", title="Privacy", translations={"de": {"title": "Datenschutz"}})
    older = {"de": {"body": "<p>Alles geheim.</p>", "_from": {"body": text_digest("<p>All is secret.</p>")}}}
    make_block(page, "<p>The addressee reads your name.</p>", translations=older)
    shown = german(client, "/privacy/")
    assert "The addressee reads your name." in shown
    assert "Alles geheim." not in shown
    assert "Datenschutz</h1>" not in shown


def test_safety_note_and_urgent_notice_fall_back_to_what_they_say_today(client):
    original = {"safety_note": "Use your own device.", "banner": "The site was attacked on Monday."}
    older = {"safety_note": "Alles ist sicher.", "banner": "Alles ist ruhig."}
    digests = {name: text_digest("Something else.") for name in original}
    SiteSettings.objects.create(name="Name", **original, translations={"de": {**older, "_from": digests}})
    shown = german(client, "/safety/")
    assert all(text in shown for text in original.values())
    assert not any(text in shown for text in older.values())
    current = {name: text_digest(text) for name, text in original.items()}
    SiteSettings.objects.update(translations={"de": {**older, "_from": current}})
    assert all(text in german(client, "/safety/") for text in older.values())


def test_the_way_to_a_translation_ends_in_its_own_name(client):
    make_block(page := make_page(), "<p>Words.</p>")
    client.force_login(make_staff())
    shown = client.get(reverse("admin:pages_page_translate", args=[page.pk, "de"])).content.decode()
    assert re.findall('<li aria-current="page">([^<]*)<', shown)[0] == f"“{page}” in Deutsch"
