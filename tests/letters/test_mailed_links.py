"""The pages behind mailed links (letters/tracking/views.py): cases 14, 17, 22, 25."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.core import mail
from django.db.models.functions import Now
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from campaign.outbox.models import Item
from campaign.secrecy import passages
from letters.delivery import staff_actions
from letters.models import Attempt, Constituent, Delivery, LetterCampaign
from letters.models.delivery_states import State
from letters.models.sender import fingerprint_of_person
from letters.submission import workflow
from letters.tracking.status import status_of
from letters.wizard.views import passage_name
from tests.letters.factories import make_campaign, make_confirmed, make_due, make_offices, make_submission, states
from tests.letters.pages import form_of, press

pytestmark = pytest.mark.django_db


def confirm_path(constituent: Constituent) -> str:
    return f"/letters/confirm/{workflow.confirmation_token(constituent)}/"


def track_path(constituent: Constituent) -> str:
    return f"/letters/track/{workflow.track_token(constituent)}/"


def test_the_mailed_link_shows_the_letters_and_opening_it_changes_nothing(client, outbox_drained):
    constituent = make_submission(make_campaign(), make_offices())
    outbox_drained()
    assert f"http://testserver{confirm_path(constituent)}" in mail.outbox[0].body
    page = client.get(confirm_path(constituent))
    assert "I am a nurse." in page.content.decode()
    assert set(states(constituent).values()) == {State.UNCONFIRMED}


def press_confirm(client: Client, constituent: Constituent) -> Any:
    page = client.get(confirm_path(constituent))
    return client.post(confirm_path(constituent), form_of(page, "").fields)


def test_confirming_leads_to_the_tracking_page_and_again_changes_nothing(client):
    constituent = make_submission(make_campaign(), make_offices())
    first = press_confirm(client, constituent)
    assert (first.status_code, first["Location"]) == (303, track_path(constituent))
    confirmed_at = Constituent.objects.get().confirmed_at
    again = client.post(confirm_path(constituent))
    assert (again.status_code, again["Location"]) == (303, track_path(constituent))
    assert Constituent.objects.get().confirmed_at == confirmed_at
    html = client.get(confirm_path(constituent)).content.decode()
    assert track_path(constituent) in html
    assert "nurse" not in html


def test_a_text_that_changed_while_the_page_was_open_is_shown_anew_and_not_sent(client):
    campaign, offices = make_campaign(), make_offices()
    constituent = make_submission(campaign, offices)
    fields = form_of(client.get(confirm_path(constituent)), "").fields
    make_submission(campaign, offices, body="Dear Senator, somebody else wrote this.")
    answer = client.post(confirm_path(constituent), fields)
    assert answer.status_code == 409
    assert "somebody else wrote this" in answer.content.decode()
    assert set(states(constituent).values()) == {State.UNCONFIRMED}


def test_a_letter_that_staff_cancelled_before_is_neither_shown_nor_sent_and_the_other_goes(client):
    constituent = make_submission(make_campaign(), make_offices())
    cancelled, other = Delivery.objects.of_constituent(constituent.pk)
    staff_actions.cancel(cancelled)
    assert client.get(confirm_path(constituent)).content.decode().count("I am a nurse.") == 1
    assert press_confirm(client, constituent).status_code == 303
    assert states(constituent) == {
        cancelled.letter.office.directory_id: State.WITHDRAWN,
        other.letter.office.directory_id: State.READY,
    }


def test_where_staff_cancelled_every_letter_no_mail_asks_to_confirm_and_the_link_opens_nothing(client, outbox_drained):
    constituent = make_submission(make_campaign(), make_offices())
    for delivery in Delivery.objects.of_constituent(constituent.pk):
        staff_actions.cancel(delivery)
    outbox_drained()
    assert not mail.outbox
    assert client.get(confirm_path(constituent)).status_code == 404


def test_whose_letters_staff_cancelled_is_told_once_for_both_and_on_their_page(client, outbox_drained):
    constituent = make_confirmed(make_campaign(), make_offices())
    mail.outbox.clear()
    Item.objects.all().delete()
    for delivery in Delivery.objects.of_constituent(constituent.pk):
        staff_actions.cancel(delivery)
    Item.objects.update(due_at=Now())
    outbox_drained()
    (told,) = mail.outbox
    assert told.subject.startswith("Not sent: ")
    assert "To Martin Heinrich" in told.body
    assert "To Ben Ray Luján" in told.body
    assert "I am a nurse" not in told.body
    page = client.get(track_path(constituent)).content.decode()
    assert page.count("The staff of this campaign cancelled this letter before it was sent.") == 2
    assert "was withdrawn" not in page


def test_a_letter_that_its_writer_took_back_is_not_called_cancelled(client, outbox_drained):
    constituent = make_confirmed(make_campaign(), make_offices())
    Item.objects.all().delete()
    for delivery in Delivery.objects.of_constituent(constituent.pk):
        workflow.withdraw(delivery)
    assert not Item.objects.filter(kind="letters.cancelled").exists()
    page = client.get(track_path(constituent)).content.decode()
    assert page.count("This letter was withdrawn and will not be sent.") == 2


@pytest.mark.parametrize("kind", ["confirm", "track"])
def test_every_bad_link_gets_the_same_friendly_page(client, kind):
    constituent = make_submission(make_campaign(), make_offices())
    tokens = ["x", "A" * 43, workflow.confirmation_token(constituent)[:-1], "ÿ", "a" * 2000]
    pages = {
        client.get(f"/letters/{kind}/{token}/").content.decode().replace(f"/{quote(token)}/", "//") for token in tokens
    }
    assert len(pages) == 1
    assert client.get(f"/letters/{kind}/x/").status_code == 404
    assert "broken it in two" in pages.pop()


def test_the_confirming_link_does_not_track_and_the_other_way_round(client):
    constituent = make_confirmed(make_campaign(), make_offices())
    assert client.get(f"/letters/track/{workflow.confirmation_token(constituent)}/").status_code == 404
    assert client.get(f"/letters/confirm/{workflow.track_token(constituent)}/").status_code == 404


def test_letters_that_were_never_confirmed_cannot_be_tracked(client):
    constituent = make_submission(make_campaign(), make_offices())
    assert client.get(track_path(constituent)).status_code == 404


def test_an_expired_link_is_like_any_bad_one_and_the_letters_can_be_sent_anew(client):
    campaign, offices = make_campaign(), make_offices()
    constituent = make_submission(campaign, offices)
    Constituent.objects.update(expires_at="2020-01-01T00:00Z")
    assert client.get(confirm_path(constituent)).status_code == 404
    assert client.post(confirm_path(constituent)).status_code == 404
    make_submission(campaign, offices)
    assert client.get(confirm_path(constituent)).status_code == 200


def end_campaign(hours_ago: float, **also: object) -> None:
    LetterCampaign.objects.update(closes_at=timezone.now() - timedelta(hours=hours_ago), **also)


def test_letters_mailed_before_the_end_can_be_confirmed_for_a_day_after_it(client):
    constituent = make_submission(make_campaign(opens_at=timezone.now() - timedelta(days=9)), make_offices())
    end_campaign(hours_ago=23)
    assert press_confirm(client, constituent).status_code == 303
    assert set(states(constituent).values()) == {State.READY}


@pytest.mark.parametrize("fields", [{"hours_ago": 25}, {"hours_ago": 0, "visibility": "removed"}])
def test_after_that_the_page_says_so_gives_the_text_back_and_nothing_is_sent(client, fields, outbox_drained):
    constituent = make_submission(make_campaign(opens_at=timezone.now() - timedelta(days=9)), make_offices())
    fields_of_the_page = form_of(client.get(confirm_path(constituent)), "").fields
    end_campaign(**fields)
    shown = client.get(confirm_path(constituent))
    pressed = client.post(confirm_path(constituent), fields_of_the_page)
    for answer in (shown, pressed):
        assert answer.status_code == 410
        assert "It is too late to confirm these letters" in answer.content.decode()
        assert "I am a nurse." in answer.content.decode()
    assert set(states(constituent).values()) == {State.UNCONFIRMED}
    make_due()
    outbox_drained()
    assert not mail.outbox  # neither the link nor the reminder


def test_the_mail_names_the_day_on_which_its_link_stops_working(outbox_drained):
    closes_at = timezone.now() + timedelta(days=1)
    make_submission(make_campaign(closes_at=closes_at), make_offices())
    outbox_drained()
    last_day = date_format(closes_at + timedelta(days=1), "DATE_FORMAT")
    assert f"The link works until {last_day}." in mail.outbox[0].body


def test_while_writing_is_paused_links_in_mails_still_confirm(client):
    constituent = make_submission(make_campaign(), make_offices())
    LetterCampaign.objects.update(is_paused=True)
    assert press_confirm(client, constituent).status_code == 303


def test_the_tracking_page_tells_each_office_apart_and_nothing_personal(client, outbox_drained):
    constituent = make_confirmed(make_campaign(), make_offices())
    make_due()
    outbox_drained()
    Delivery.objects.filter(letter__office__directory_id="L000570").update(state=State.DEAD)
    page = client.get(track_path(constituent))
    html = page.content.decode()
    assert "Martin Heinrich" in html
    assert "Ben Ray Luján" in html
    assert "Test: nothing was sent" in html
    assert "Could not be sent" in html
    for personal in ("ana@example.org", "Example St", "Núñez", "nurse", "NM 87501"):
        assert personal not in html
    assert page["Cache-Control"] == "no-store"
    assert "noindex" in page["X-Robots-Tag"]
    assert page["Referrer-Policy"] == "no-referrer"
    assert not page.cookies


def test_in_the_sandbox_the_page_says_plainly_that_nothing_was_sent(client, outbox_drained):
    constituent = make_confirmed(make_campaign(), make_offices())
    make_due()
    outbox_drained()
    html = client.get(track_path(constituent)).content.decode()
    assert html.count("nothing was sent") >= 2


@pytest.mark.parametrize("state", [state for state in State if state != State.UNCONFIRMED])
@pytest.mark.parametrize("channel", ["sandbox", "email", "senate_api"])
def test_no_state_is_ever_called_delivered_or_read(client, state, channel):
    constituent = make_confirmed(make_campaign(), make_offices())
    Delivery.objects.update(state=state, channel=channel)
    answer = client.get(track_path(constituent))
    words = " ".join(status_of(delivery).label for delivery in Delivery.objects.with_letter())
    assert answer.status_code == 200
    assert not {"delivered", "read", "arrived"} & set(words.lower().split())


def test_a_letter_can_be_taken_back_while_it_waits(client):
    constituent = make_confirmed(make_campaign(), make_offices())
    form = form_of(client.get(track_path(constituent)), "withdraw")
    assert press(client, form).status_code == 303
    assert sorted(states(constituent).values()) == [State.READY, State.WITHDRAWN]
    assert press(client, form).status_code == 409


def test_it_is_too_late_to_take_back_what_has_gone(client, outbox_drained):
    constituent = make_confirmed(make_campaign(), make_offices())
    form = form_of(client.get(track_path(constituent)), "withdraw")
    make_due()
    outbox_drained()
    answer = press(client, form)
    assert answer.status_code == 409
    assert "had already begun" in answer.content.decode()
    assert set(states(constituent).values()) == {State.ACCEPTED}
    assert Attempt.objects.count() == 2


def test_nobody_takes_back_the_letters_of_another(client):
    campaign, offices = make_campaign(), make_offices()
    mine = make_confirmed(campaign, offices)
    other = make_confirmed(campaign, offices, email="bo@example.org")
    theirs = Delivery.objects.of_constituent(other.pk)[0]
    answer = client.post(f"{track_path(mine)}withdraw/{theirs.delivery_id}/")
    assert answer.status_code == 404
    assert set(states(other).values()) == {State.READY}


def test_asking_for_the_mail_again_puts_one_more_into_the_outbox_and_the_cap_holds(client, outbox_drained):
    make_campaign()
    constituent = make_submission(make_campaign("other"), make_offices())
    to = passages.in_url(
        {"email": "ana@example.org", "person": fingerprint_of_person(constituent.sender).hex()}, passage_name("other")
    )
    outbox_drained()
    path = f"/letters/other/check-email/?to={to}"
    answer = client.post(path, form_of(client.get(path), "").fields)
    assert answer.status_code == 303
    assert "again=1" in answer["Location"]
    assert Item.objects.filter(kind="letters.confirmation").count() == 1
    outbox_drained()
    assert len(mail.outbox) == 1


def test_asking_again_for_a_person_who_wrote_nothing_is_answered_the_same(client):
    make_campaign()
    to = passages.in_form({"email": "ana@example.org", "person": "00" * 32}, passage_name("support"))
    answer = client.post("/letters/support/check-email/", {"to": to})
    assert answer.status_code == 303
    assert not Item.objects.exists()


def test_a_passage_of_ones_own_making_names_nobody(client):
    make_campaign()
    page = client.get("/letters/support/check-email/?to=x")
    assert page.status_code == 200
    assert "There is an email waiting for you at" not in page.content.decode()
