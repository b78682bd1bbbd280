"""The steps of writing as plain forms (views.py): cases 1 to 13 as a visitor without scripts meets them."""

from typing import Any

import pytest
from django.core import mail
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from campaign.outbox.models import Item
from campaign.protection.models import SitePause
from campaign.supporters.models import Consent
from letters.delivery.channels.congress import offices
from letters.models import Constituent, Delivery, Letter, LetterCampaign, Office
from letters.submission import workflow
from letters.wizard import consent
from tests.letters.factories import (
    FORM,
    make_campaign,
    make_list,
    make_member,
    make_office,
    make_offices,
    make_submission,
)
from tests.letters.pages import form_of, press, preview, send, write

pytestmark = pytest.mark.django_db


def test_from_the_address_to_two_letters_that_wait_for_confirmation(client):
    make_campaign(), make_offices()
    answer = send(client)
    assert answer.status_code == 303
    assert answer["Location"].startswith("/letters/support/check-email/?to=")
    page = client.get(answer["Location"])
    assert "ana@example.org" in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert [delivery.state for delivery in Delivery.objects.all()] == ["unconfirmed", "unconfirmed"]
    constituent = Constituent.objects.get()
    assert constituent.sender.full_name == "Ana Núñez"
    assert constituent.confirmed_at is None
    assert not page.cookies


def test_the_first_page_is_cacheable_and_every_step_is_not(client):
    make_campaign(), make_offices()
    assert "public" in client.get("/letters/support/")["Cache-Control"]
    kept_for_going_back = "private, no-cache"
    for answer, kept in ((write(client), True), (preview(client), True), (send(client), False)):
        assert answer["Cache-Control"] == (kept_for_going_back if kept else "no-store")
        assert not answer.cookies


def test_each_senator_is_named_with_state_and_party_before_the_texts(client):
    make_campaign(), make_offices()
    html = write(client).content.decode()
    assert "Martin Heinrich" in html
    assert "Ben Ray Luján" in html
    assert "New Mexico · Democrat" in html
    assert "Dear Senator Luján," in html
    assert "please support S.Res. 220 (115th Congress)." in html


@pytest.mark.parametrize(("language", "bill"), [("", "220 (115th Congress)"), ("/de", "220 (115. Kongress)")])
def test_the_bill_is_named_in_the_language_of_the_page(client, language, bill):
    make_campaign(), make_offices()
    for path in ("/letters/", "/letters/support/"):
        assert bill in client.get(f"{language}{path}").content.decode()


def test_the_two_letters_are_edited_apart_and_the_preview_is_what_is_kept(client):
    make_campaign(), make_offices()
    texts = {
        "text_H001046": "Dear Senator Heinrich,\r\n\r\nthe first.",
        "text_L000570": "Dear Senator Luján,\r\n\r\nthe other.",
    }
    page = preview(client, **texts)
    assert "the first.<br>" in page.content.decode()
    press(client, form_of(page, "submit"))
    for letter in Letter.objects.select_related("constituent", "office", "delivery"):
        assert letter.message.sha256 == letter.delivery.message_sha256
        assert letter.content["body"] == texts[f"text_{letter.office.directory_id}"].replace("\r\n", "\n")
        assert letter.is_edited


def test_an_untouched_letter_says_so_in_the_preview_and_is_not_marked_as_own_words(client):
    make_campaign(), make_offices()
    page = preview(client)
    assert "word for word" in page.content.decode()
    press(client, form_of(page, "submit"))
    assert not Letter.objects.filter(is_edited=True).exists()


def test_a_form_of_address_is_asked_for_only_where_an_office_requires_one_and_says_why(client, senate):
    make_campaign(), make_offices()
    assert "prefix" not in form_of(write(client), "preview").fields  # no office takes part yet
    senate.offices = ["SNM02"]
    offices.refresh()
    page = write(client)
    assert "system does not accept letters to Martin Heinrich without a title." in page.content.decode()
    without = press(client, form_of(page, "preview"))
    assert without.status_code == 422
    assert press(client, form_of(without, "preview"), prefix="Ms.").status_code == 200


@pytest.mark.parametrize(
    ("about", "way"),
    [
        ({}, "through the Senate&#x27;s own system"),
        ({"city": "Ai"}, "only through the form on its own website"),
        ({"city": "APO", "state": "AE", "zip": "09012", "residence": "NM"}, "only through the form on its own website"),
    ],
)
def test_the_way_is_told_by_the_whole_address_and_in_the_same_words_on_every_page(
    client, senate, settings, outbox_drained, about, way
):
    make_campaign(), make_office()
    offices.refresh()
    settings.LETTER_CHANNELS = ["senate_api", "contact_form"]
    ways = ["through the Senate&#x27;s own system", "only through the form on its own website"]

    def told(html: str) -> list[str]:
        return [one for one in ways if one in html]

    writing = write(client, **about)
    is_by_senate = way == ways[0]
    assert ("prefix" in form_of(writing, "preview").fields) == is_by_senate
    page = press(client, form_of(writing, "preview"), **({"prefix": "Ms."} if is_by_senate else {}))
    press(client, form_of(page, "submit"))
    outbox_drained()
    (sent,) = mail.outbox
    constituent = Constituent.objects.get()
    confirming = client.get(f"/letters/confirm/{workflow.confirmation_token(constituent)}/")
    workflow.confirm(constituent)
    tracking = client.get(f"/letters/track/{workflow.track_token(constituent)}/")
    shown = [one.content.decode() for one in (writing, page, confirming, tracking)]
    assert [told(html) for html in [*shown, escape(sent.body)]] == [[way]] * 5


def test_the_limit_of_an_offices_form_is_told_before_writing(client):
    make_campaign(), make_office(message_limit=2000)
    html = write(client).content.decode()
    assert "accepts up to 2,000 characters" in html
    assert 'data-limit="2000"' in html


def test_no_reason_is_required(client):
    make_campaign(), make_offices()
    html = write(client).content.decode()
    assert html.count('name="reason_') == 3
    assert preview(client, reason_1="", reason_2="", reason_3="").status_code == 200


def test_answers_to_the_prompts_become_a_paragraph_after_the_salutation(client):
    make_campaign(), make_offices()
    html = preview(client, reason_1="I am a nurse", reason_3="My patient fled.").content.decode()
    assert "Dear Senator Luján,<br><br>I am a nurse. My patient fled.<br><br>please support" in html


def test_signs_that_nobody_sees_in_an_answer_do_not_come_between_preview_and_submit(client):
    make_campaign(), make_offices()
    page = preview(client, reason_1="I am\u200b a\u00ad nurse\x07")
    assert "I am a nurse." in page.content.decode()
    assert press(client, form_of(page, "submit")).status_code == 303


def test_going_back_keeps_every_word_on_every_page(client):
    make_campaign(), make_offices()
    own = "Dear Senator,\n\nmy own words, R&D <now> “O'Brien” 👩🏽‍⚕️."
    page = preview(client, text_H001046=own, subject="My own subject")
    form = form_of(page, "submit")
    back = client.post(form.elsewhere[0], form.fields, follow=True)
    assert form_of(back, "preview").fields["text_H001046"] == own
    assert form_of(back, "preview").fields["subject"] == "My own subject"
    first = client.post(form.elsewhere[1].partition("#")[0], form.fields, follow=True)
    about = form_of(first, "letters")
    assert {name: about.fields[name] for name in FORM} == FORM
    assert about.fields["text_H001046"] == own
    again = press(client, about, city="Taos")
    assert form_of(again, "preview").fields["text_H001046"] == own


def test_going_back_keeps_every_word_to_many_offices(client):
    board = make_list(finder="everybody")
    offices = [make_member(board, number) for number in range(25)]
    make_campaign(list_slugs=[board.slug], default_body="Dear [recipient],\n\nplease help.")
    writing = press(client, form_of(client.get("/letters/support/"), "letters"), **FORM)
    own = {f"text_{office.directory_id}": f"Dear member,\n\nmy words to {office.name}." for office in offices}
    shown = form_of(press(client, form_of(writing, "preview"), **own), "submit")
    assert own.items() <= shown.fields.items()
    first = client.post(shown.elsewhere[1].partition("#")[0], shown.fields, follow=True)
    assert own.items() <= form_of(first, "letters").fields.items()


def test_no_more_texts_are_carried_than_there_are_offices(client):
    make_campaign(), make_offices()
    page = write(client, zip="1234", **{f"text_X{number}": "Made up." for number in range(40)})
    texts = [name for name in form_of(page, "letters").fields if name.startswith("text_")]
    assert len(texts) == Office.objects.count()


def test_an_error_keeps_every_word(client):
    make_campaign(), make_offices()
    page = write(client, zip="1234", text_H001046="Kept words.")
    assert page.status_code == 422
    form = form_of(page, "letters")
    assert form.fields["first_name"] == "Ana"
    assert form.fields["text_H001046"] == "Kept words."
    title = page.content.decode().partition("<title>")[2]
    assert title.lstrip().startswith("Error:")
    texts = preview(client, text_H001046="Too short", text_L000570="These words are kept as well.")
    assert texts.status_code == 422
    assert form_of(texts, "preview").fields["text_H001046"] == "Too short"
    assert form_of(texts, "preview").fields["text_L000570"] == "These words are kept as well."
    assert form_of(texts, "preview").fields["email"] == "ana@example.org"


def test_a_database_outage_keeps_every_word(monkeypatch):
    make_campaign(), make_offices()
    client = Client(raise_request_exception=False)
    form = form_of(preview(client, text_H001046="Words worth keeping, whatever happens."), "submit")

    def fail(**kwargs):
        raise OperationalError

    monkeypatch.setattr(workflow, "submit_letters", fail)
    answer = press(client, form)
    assert answer.status_code == 503
    monkeypatch.undo()
    again = press(client, form_of(answer, "submit"))
    assert again.status_code == 303
    bodies = [letter.content["body"] for letter in Letter.objects.all()]
    assert "Words worth keeping, whatever happens." in bodies


def test_a_later_step_opened_by_itself_leads_to_the_first(client):
    make_campaign()
    for step in ("letters", "preview", "submit"):
        assert client.get(f"/letters/support/{step}/")["Location"] == "/letters/support/"


def test_nothing_is_kept_of_a_submit_whose_letters_are_not_those_that_were_shown(client):
    make_campaign(), make_offices()
    form = form_of(preview(client), "submit")
    answer = press(client, form, text_H001046=form.fields["text_H001046"] + "\n\nOne more line.")
    assert answer.status_code == 409
    assert "Something about these letters has changed" in answer.content.decode()
    assert not Constituent.objects.exists()
    assert press(client, form_of(answer, "submit")).status_code == 303


@pytest.mark.parametrize("left_in", ["[senator]", "[Name]", "[say why]"])
def test_placeholder_text_left_in_is_refused(client, left_in):
    make_campaign(default_body="Dear [senator],\n\n[say why]\n\nThank you for reading."), make_offices()
    page = preview(
        client,
        text_H001046=f"Dear Senator, {left_in}, and so on and so on.",
        text_L000570="Dear Senator, my own words.",
    )
    assert page.status_code == 422
    assert left_in in page.content.decode()


def test_brackets_of_ones_own_are_not_placeholders(client):
    make_campaign(), make_offices()
    assert preview(client, text_H001046="Dear Senator, they said “organs [sic] for sale”.").status_code == 200


def test_a_paused_or_closed_campaign_takes_nothing_and_gives_the_text_back(client):
    campaign = make_campaign()
    make_offices()
    form = form_of(preview(client, text_H001046="My own words, given back to me."), "submit")
    campaign.is_paused = True
    campaign.save()
    answer = press(client, form)
    assert answer.status_code == 409
    assert "This campaign is paused" in answer.content.decode()
    assert "My own words, given back to me." in answer.content.decode()
    assert not Constituent.objects.exists()


def test_a_campaign_that_closes_at_the_very_moment_of_the_last_submit_gives_the_text_back(client, monkeypatch):
    make_campaign(), make_offices()
    form = form_of(preview(client, text_H001046="My own words, written to the last minute."), "submit")
    current = consent.current_wording

    def close_first(*about: Any) -> Consent:
        LetterCampaign.objects.update(closes_at=timezone.now())
        return current(*about)

    monkeypatch.setattr(consent, "current_wording", close_first)
    answer = press(client, form)
    assert answer.status_code == 409
    assert "This campaign has ended" in answer.content.decode()
    assert "My own words, written to the last minute." in answer.content.decode()
    assert not Constituent.objects.exists()
    assert not Item.objects.exists()


def test_the_switch_of_the_site_stops_writing_and_the_text_is_given_back(client):
    campaign = make_campaign()
    make_offices()
    form = form_of(preview(client, text_H001046="My own words, given back to me."), "submit")
    SitePause.objects.update_or_create(pk=1, defaults={"is_on": True})
    assert "This campaign is paused" in client.get("/letters/support/").content.decode()
    answer = press(client, form)
    assert answer.status_code == 409
    assert "My own words, given back to me." in answer.content.decode()
    with pytest.raises(workflow.NotOpen):
        make_submission(campaign, list(Office.objects.all()))
    SitePause.objects.update(is_on=False)
    assert press(client, form).status_code == 303


def test_a_draft_is_not_found_and_a_removed_campaign_is_gone(client):
    campaign = make_campaign(visibility="draft")
    assert client.get("/letters/support/").status_code == 404
    campaign.visibility = "removed"
    campaign.save()
    assert client.get("/letters/support/").status_code == 410


def test_the_list_shows_what_is_published(client):
    make_campaign(), make_campaign("draft", title="Not yet", visibility="draft")
    html = client.get("/letters/").content.decode()
    assert "Support it" in html
    assert "Not yet" not in html


def test_a_post_from_another_site_is_refused(client):
    make_campaign(), make_offices()
    for step in ("", "letters/", "preview/", "submit/"):
        answer = client.post(f"/letters/support/{step}", FORM, headers={"Origin": "https://evil.example"})
        assert answer.status_code == 403


def test_each_empty_field_of_the_texts_has_a_message_of_its_own(client):
    make_campaign(), make_offices()
    page = preview(client, subject="", text_H001046="", text_L000570=" ").content.decode()
    for message in ("Enter a subject.", "letter to Martin Heinrich.", "letter to Ben Ray Luján."):
        assert message in page
    assert "This field is required" not in page
