"""A senator leaves office while letters wait (letters/succession, letters/delivery/changeover.py)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from campaign.outbox.models import Item
from letters.constituency.changeovers import note_changeovers
from letters.constituency.congress import senators
from letters.constituency.congress.chambers import chamber
from letters.constituency.imports import comparison
from letters.constituency.imports.records import OfficeRecord
from letters.delivery import attempts, staff_actions
from letters.delivery.channels import make_channel
from letters.models import Delivery, Letter, LetterCampaign, Office, SandboxMessage
from letters.models.deliveries import TO_BE_PRINTED
from letters.models.delivery_states import State
from letters.models.recipients.recipient_lists import US_SENATE
from letters.submission import workflow
from tests.letters.factories import (
    make_campaign,
    make_confirmed,
    make_due,
    make_office,
    make_offices,
    make_ready,
    make_submission,
    states,
)
from tests.letters.pages import form_of, press, preview, write
from tests.letters.test_mailed_links import confirm_path, track_path

pytestmark = pytest.mark.django_db
NEW = {"name": "Nora Ortíz", "first_name": "Nora", "last_name": "Ortíz", "party": "Republican"}
OWN = "Dear Senator Heinrich,\n\nI am a nurse. Please support it."


def leave(*, successor: bool = True, old: str = "H001046") -> Office | None:
    """As staff or an import would put it down."""
    office = Office.objects.get(directory_id=old)
    Office.objects.filter(pk=office.pk).update(is_current=False)
    new = make_office("O000001", seat=office.seat, **NEW) if successor else None
    note_changeovers()
    return new


def settle(drained) -> None:
    for _ in range(2):
        make_due()
        drained()


def import_list() -> list[OfficeRecord]:
    listed = senators.project_records()
    comparison.apply_difference(comparison.compare_with_offices(chamber(US_SENATE), listed), source="a test")
    return listed


def link_in(text: object) -> str:
    (path,) = re.findall(r"https?://[^/]+(/\S*to-successor/)", str(text))
    return str(path)


def make_waiting(body: str = OWN):
    """Confirmed letters that nothing carries at the moment, and no mail."""
    constituent = make_confirmed(make_campaign(), make_offices(), body=body)
    mail.outbox.clear()
    Item.objects.all().delete()
    return constituent


def to_senator(bioguide: str) -> Delivery:
    return Delivery.objects.get(letter__office__directory_id=bioguide)


def test_who_waits_is_told_once_and_sends_the_text_to_the_successor_with_one_button(client, outbox_drained):
    constituent = make_waiting()
    leave()
    settle(outbox_drained)
    note_changeovers()
    settle(outbox_drained)
    (told,) = mail.outbox
    assert "Your letter to Martin Heinrich was not sent" in told.body
    assert "Nora Ortíz holds the seat now." in told.body
    assert "nurse" not in told.body
    assert states(constituent) == {"H001046": State.WITHDRAWN, "L000570": State.READY}
    assert "left office before" in client.get(track_path(constituent)).content.decode()
    page = client.get(link_in(told.body))
    assert "Dear Senator Ortíz," in page.content.decode()
    assert not Letter.objects.filter(office__directory_id="O000001").exists()
    path, fields = link_in(told.body), form_of(page, "").fields
    for _ in range(2):
        assert client.post(path, fields).status_code == 303
    sent = to_senator("O000001")
    assert sent.letter.content["body"] == "Dear Senator Ortíz,\n\nI am a nurse. Please support it."
    assert "You have already written to Nora Ortíz" in client.get(path).content.decode()
    settle(outbox_drained)
    assert states(constituent)["O000001"] == State.ACCEPTED
    assert SandboxMessage.objects.filter(delivery=sent).count() == 1


def test_a_letter_that_is_none_of_ones_own_words_is_the_text_for_the_successor(client, outbox_drained):
    """Not thanks to somebody who never supported it."""
    make_waiting("Dear Senator Heinrich, thank you for supporting it.")
    Letter.objects.update(is_edited=False)
    leave()
    settle(outbox_drained)
    page = client.get(link_in(mail.outbox[0].body)).content.decode()
    assert "Dear Senator Ortíz,<br><br>please support S.Res. 220" in page
    assert "thank you for supporting" not in page


@pytest.mark.parametrize("state", [State.NEEDS_CONSTITUENT, State.REJECTED, State.DEAD])
def test_whatever_has_not_arrived_is_offered(outbox_drained, state):
    make_waiting()
    Delivery.objects.filter(pk=to_senator("H001046").pk).update(state=state, channel="contact_form")
    leave()
    settle(outbox_drained)
    assert to_senator("H001046").state == State.WITHDRAWN
    assert len(mail.outbox) == 1


def test_what_has_gone_or_may_have_is_never_offered(outbox_drained):
    make_waiting()
    mine = Delivery.objects.filter(pk=to_senator("H001046").pk)
    untouched: list[dict[str, Any]] = [
        {"state": State.ACCEPTED, "channel": "sandbox"},
        {"state": State.UNKNOWN},
        {"state": State.NEEDS_CONSTITUENT, "sent_by_hand_at": timezone.now()},
        {"state": State.READY, "sent_by_hand_at": None, "held_because": TO_BE_PRINTED, "printed_at": timezone.now()},
    ]
    leave()
    for values in untouched:
        mine.update(**values)
        note_changeovers()
        settle(outbox_drained)
        assert to_senator("H001046").state == values["state"]
    mine.update(held_because="", printed_at=None, bound_to="sandbox")
    note_changeovers()
    settle(outbox_drained)
    assert to_senator("H001046").state == State.UNKNOWN
    assert not mail.outbox


def test_while_nobody_holds_the_seat_letters_wait_and_the_page_says_so(client, outbox_drained):
    constituent = make_waiting()
    Delivery.objects.filter(pk=to_senator("L000570").pk).update(state=State.ACCEPTED, channel="sandbox")
    leave(successor=False)
    settle(outbox_drained)
    assert to_senator("H001046").state == State.READY
    assert not mail.outbox
    assert "Once we know who holds the seat" in client.get(track_path(constituent)).content.decode()
    make_office("O000001", **NEW)
    note_changeovers()
    settle(outbox_drained)
    assert to_senator("H001046").state == State.WITHDRAWN
    assert len(mail.outbox) == 1


def test_a_letter_that_comes_to_its_turn_after_the_change_is_not_sent(outbox_drained):
    delivery = make_ready()
    leave()
    Item.objects.exclude(kind="letters.delivery").delete()
    settle(outbox_drained)
    delivery.refresh_from_db()
    assert delivery.state == State.WITHDRAWN
    assert not SandboxMessage.objects.exists()
    assert "holds the seat now" in mail.outbox[-1].body


def test_the_last_word_before_handing_over_knows_who_is_in_office():
    delivery = make_ready()
    attempt = attempts.begin([(delivery, make_channel("sandbox"))])[delivery.pk]
    leave()
    with pytest.raises(attempts.SenatorLeft):
        attempts.hand_over(attempt)


def test_an_unconfirmed_letter_is_shown_readdressed_before_it_is_confirmed(client, outbox_drained):
    constituent = make_submission(make_campaign(), make_offices(), body=OWN)
    before = form_of(client.get(confirm_path(constituent)), "").fields
    leave()
    settle(outbox_drained)
    page = client.post(confirm_path(constituent), before)
    assert page.status_code == 409
    html = page.content.decode()
    assert "Martin Heinrich has left office" in html
    assert "Nora Ortíz holds the seat now." in html
    assert "Dear Senator Ortíz," in html
    assert client.post(confirm_path(constituent), form_of(page, "").fields).status_code == 303
    assert states(constituent) == {"O000001": State.READY, "L000570": State.READY}


def test_the_offer_ends_with_the_campaign_and_still_gives_the_text_back(client, outbox_drained):
    make_waiting()
    leave()
    settle(outbox_drained)
    path = link_in(mail.outbox[0].body)
    fields = form_of(client.get(path), "").fields
    LetterCampaign.objects.update(closes_at=timezone.now() - timedelta(days=2), opens_at=timezone.now() - timedelta(3))
    page = client.post(path, fields)
    assert page.status_code == 410
    assert "I am a nurse." in page.content.decode()
    assert "<button" not in page.content.decode().partition("<main")[2].partition("</main")[0]
    assert not Letter.objects.filter(office__directory_id="O000001").exists()


def test_nobody_is_told_of_an_offer_that_has_ended(outbox_drained):
    make_waiting()
    LetterCampaign.objects.update(closes_at=timezone.now() - timedelta(days=2), opens_at=timezone.now() - timedelta(3))
    leave()
    settle(outbox_drained)
    assert "The campaign has ended" in mail.outbox[0].body
    assert "one button" not in mail.outbox[0].body


def test_a_text_that_would_read_otherwise_by_now_is_shown_anew(client, outbox_drained):
    make_waiting()
    leave()
    settle(outbox_drained)
    path = link_in(mail.outbox[0].body)
    fields = form_of(client.get(path), "").fields
    Office.objects.filter(directory_id="O000001").update(is_current=False)
    make_office("P000001", **{**NEW, "name": "Pat Quill", "first_name": "Pat", "last_name": "Quill"})
    page = client.post(path, fields)
    assert page.status_code == 409
    assert "Dear Senator Quill," in page.content.decode()
    assert not Letter.objects.filter(office__directory_id="P000001").exists()


def test_links_of_another_letter_offer_nothing(client):
    constituent = make_waiting()
    token = workflow.confirmation_token(constituent)
    delivery = to_senator("H001046")
    assert client.get(f"/letters/mine/{token}/{delivery.delivery_id}/to-successor/").status_code == 404
    leave()
    assert client.get(f"/letters/mine/{token[:-1]}/{delivery.delivery_id}/to-successor/").status_code == 404


def test_in_the_middle_of_writing_every_word_is_kept_and_addressed_to_the_successor(client):
    make_campaign(), make_offices()
    page = preview(client, text_H001046=OWN, reason_1="I live here")
    leave()
    answer = press(client, form_of(page, "submit"))
    assert answer.status_code == 409
    assert "Martin Heinrich has left office" in answer.content.decode()
    form = form_of(answer, "preview")
    words = "Dear Senator Ortíz,\n\nI live here.\n\nI am a nurse. Please support it."
    assert form.fields["text_O000001"] == words
    assert "text_H001046" not in form.fields
    again = press(client, form)
    assert press(client, form_of(again, "submit")).status_code == 303
    assert to_senator("O000001").letter.content["body"] == words


def test_in_the_middle_of_writing_to_a_seat_that_is_vacant_now_the_text_is_given_back(client):
    make_campaign(), make_offices()
    form = form_of(write(client), "preview")
    leave(successor=False)
    answer = press(client, form, text_H001046=OWN)
    assert answer.status_code == 409
    assert "I am a nurse." in answer.content.decode()
    assert press(client, form_of(answer, "preview")).status_code == 200


def test_a_proposed_text_that_nobody_changed_becomes_the_one_for_the_successor(client):
    make_campaign(), make_offices()
    page = write(client)
    leave()
    form = form_of(press(client, form_of(page, "preview")), "preview")
    assert form.fields["text_O000001"].startswith("Dear Senator Ortíz,\n\nplease support")


def test_what_staff_cannot_do_any_more_is_refused_and_cancelling_tells_of_the_successor(outbox_drained):
    delivery = make_ready()
    Item.objects.all().delete()
    leave()
    Item.objects.all().delete()
    for decide in (staff_actions.retry, staff_actions.hand_to_constituent):
        with pytest.raises(staff_actions.SenatorLeft):
            decide(Delivery.objects.get())
    staff_actions.cancel(delivery)
    settle(outbox_drained)
    assert "Nora Ortíz holds the seat now." in mail.outbox[0].body


def test_the_list_of_letters_says_why_and_offers_only_what_works(admin_client):
    delivery = make_ready()
    leave()
    queue = "/admin/letters/delivery/"
    act = {"action": "send_again", "_selected_action": [delivery.pk]}
    assert "the recipient has left office" in admin_client.post(queue, act, follow=True).content.decode()
    listed = admin_client.get(queue + "?needs=former").content.decode()
    assert 'value="cancel"' in listed
    assert 'value="send_again"' not in listed
    assert "nothing can be sent there" in admin_client.get(f"{queue}{delivery.pk}/change/").content.decode()


def test_staff_enter_a_change_of_senators_and_an_import_finds_the_same_person(admin_client, outbox_drained):
    listed = import_list()
    office = Office.objects.get(directory_id="H001046")
    make_confirmed(make_campaign(), [office])
    mail.outbox.clear()
    Item.objects.all().delete()
    page = f"/admin/letters/office/{office.pk}/change/"
    fields = {
        name: "" if value is None else value
        for name, value in admin_client.get(page).context["adminform"].form.initial.items()
        if name not in {"is_current", "channels"}
    }
    assert admin_client.post(page, {**fields, "term_ends_on": "2027-01-03"}).status_code == 302
    new = {**fields, **NEW, "directory_id": "", "term_starts_on": "2027-01-03", "term_ends_on": "2033-01-03"}
    assert admin_client.post("/admin/letters/office/add/", {**new, "is_current": "on"}).status_code == 302
    settle(outbox_drained)
    assert "Nora Ortíz holds the seat now." in mail.outbox[0].body
    successor = Office.objects.get(last_name="Ortíz")
    stale = comparison.compare_with_offices(chamber(US_SENATE), listed)
    assert successor not in stale.gone
    (old,) = (record for record in listed if record["directory_id"] == "H001046")
    listed[listed.index(old)] = {**old, **NEW, "name": "Nora C. Ortiz", "last_name": "Ortiz", "directory_id": "O000777"}
    comparison.apply_difference(comparison.compare_with_offices(chamber(US_SENATE), listed), source="a test")
    successor.refresh_from_db()
    assert (successor.directory_id, successor.is_current, successor.name) == ("O000777", True, "Nora C. Ortiz")


def test_somebody_else_in_the_seat_is_no_other_spelling_of_who_was_entered():
    listed = import_list()
    office = Office.objects.get(directory_id="H001046")
    Office.objects.filter(pk=office.pk).update(is_current=False)
    entered = make_office("new0001", seat=office.seat, **{**NEW, "last_name": "Other"})
    (old,) = (record for record in listed if record["directory_id"] == "H001046")
    listed[listed.index(old)] = {**old, **NEW, "directory_id": "O000777"}
    difference = comparison.compare_with_offices(chamber(US_SENATE), listed)
    assert entered in difference.gone
    assert [record["directory_id"] for record in difference.new] == ["O000777"]
