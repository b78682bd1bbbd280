"""Leaving (self_service.py): seen, corrected, withdrawn, taken along, deleted, by a mailed link."""

import re

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaign.secrecy.keypairs import new_keypair
from campaign.secrecy.sealing import unseal
from petitions.counting import events, recount
from petitions.data_requests import self_service
from petitions.models import Petition, Signature, State, Voice
from petitions.moderation import decisions
from petitions.moderation.decisions import former
from petitions.public.comments import PublicComment
from petitions.signing import confirming
from tests.petitions.factories import make_confirmed, make_petition, make_signature, token_of
from tests.petitions.paper import load

ADDRESS = "ana@example.org"


def count() -> int:
    events.aggregate()
    assert recount.differences() == []
    return Petition.objects.for_display().get(slug="stop").count


def url(*parts: str) -> str:
    return "/".join(["/petitions/mine", self_service.link_token(ADDRESS), *parts, ""])


def test_a_link_comes_by_mail_and_the_page_is_the_same_for_every_address(client, outbox_drained):
    make_confirmed(make_petition())
    outbox_drained()
    mail.outbox.clear()
    answers = [
        client.post("/petitions/mine/", {"email": address}) for address in ("other@example.org", "new@example.org")
    ]
    assert len({(answer.status_code, answer["Location"]) for answer in answers}) == 1
    outbox_drained()
    link = next(word for word in mail.outbox[0].body.split() if "/petitions/mine/" in word)
    assert client.get(link.removeprefix("http://testserver")).status_code == 200


def test_what_is_stored_is_shown_without_name(client, db):
    make_confirmed(make_petition(), name="Ana Canary")
    page = client.get(url())
    assert "Stop it" in page.content.decode()
    assert "Canary" not in page.content.decode()
    assert page["Cache-Control"] == "no-store"


def test_while_a_mail_waits_it_is_said_that_the_address_is_kept_for_it(client, db):
    signature = make_signature(make_petition(), address=ADDRESS)
    assert "is kept encrypted until you confirm" in client.get(url()).content.decode()
    confirming.confirm(token_of(signature))
    assert "is kept encrypted" not in client.get(url()).content.decode()


def test_withdrawing_and_deleting_each_ask_once(client, db):
    """Each button is inside a part of the page that has to be opened, and says what happens then."""
    make_confirmed(make_petition())
    page = client.get(url()).content.decode()
    parts = re.findall(r"<details>(.*?)</details>", page, re.DOTALL)
    for name in ("withdraw", "forget"):
        action = f'action="{url("stop", name)}"'
        (part,) = [part for part in parts if action in part]
        assert page.count(action) == 1
        assert "It will no longer be counted. You can sign again at any time." in part


def test_withdrawing_lowers_the_count_once_and_the_address_can_sign_again(client, db):
    petition = make_petition()
    make_confirmed(petition)
    assert count() == 1
    for _ in range(2):
        assert client.post(url("stop", "withdraw")).status_code == 302
        assert count() == 0
    make_signature(petition)
    assert Signature.objects.get().state == State.PENDING
    make_confirmed(petition)
    assert count() == 1


def test_an_invalidated_signature_can_be_withdrawn_and_erased_like_any_other(client, db):
    make_confirmed(make_petition())
    Signature.objects.update(state=State.INVALIDATED)
    recount.recount()
    assert client.post(url("stop", "withdraw")).status_code == 302
    assert client.post(url("stop", "forget")).status_code == 302
    assert not Signature.objects.exists()


def test_who_has_withdrawn_does_not_count_again_when_staff_take_an_invalidation_back(client, db):
    signature = make_confirmed(make_petition())
    decisions.invalidate([signature.pk], by="staff")
    client.post(url("stop", "withdraw"))
    assert decisions.restore_valid([signature.pk], by="staff") == []
    assert (Signature.objects.get().state, count()) == (State.WITHDRAWN, 0)


def test_withdrawing_does_not_undo_an_invalidation(client, db):
    """Neither by signing anew once nor twice; a moderator who looks lets it count."""
    petition = make_petition()
    signature = make_confirmed(petition)
    decisions.invalidate([signature.pk], by="staff")
    for _ in range(2):
        client.post(url("stop", "withdraw"))
        assert make_confirmed(petition).state == State.HELD
        assert count() == 0
    decisions.release([signature.pk], by="staff")
    assert count() == 1
    client.post(url("stop", "withdraw"))
    assert make_confirmed(petition).state == State.CONFIRMED


def test_who_signs_anew_begins_anew(db):
    petition = make_petition()
    load(petition, f"Ana,{ADDRESS},,DE")
    self_service.withdraw(Signature.objects.get())
    signature = make_signature(petition)
    assert (signature.channel, signature.batch, signature.batch_row) == ("web", None, None)
    assert (signature.state, signature.confirmed_on, former(signature)) == (State.PENDING, None, State.PENDING)
    assert count() == 0


def test_erasing_deletes_the_row_and_lowers_the_count(client, db):
    make_confirmed(make_petition())
    assert client.post(url("stop", "forget")).status_code == 302
    assert not Signature.objects.exists()
    assert count() == 0
    assert client.post(url("stop", "forget")).status_code == 302


def test_a_corrected_name_is_sealed_in_the_place_of_the_old(client, db):
    pair = new_keypair()
    make_confirmed(make_petition(keypair=pair), name="Wrnog")
    assert client.post(url("stop", "correct"), {"name": ""}).status_code == 200
    client.post(url("stop", "correct"), {"name": "Right"})
    assert unseal(Signature.objects.get().sealed, pair.private) == {"name": "Right", "email": ADDRESS}
    assert count() == 1


def test_a_name_can_be_corrected_once_the_petition_is_over_and_has_no_key_any_more(client, db):
    pair = new_keypair()
    make_confirmed(make_petition(keypair=pair), name="Wrnog")
    Petition.objects.update(visibility="archived", active_key=None)
    assert client.post(url("stop", "correct"), {"name": "Right"}).status_code == 302
    assert unseal(Signature.objects.get().sealed, pair.private) == {"name": "Right", "email": ADDRESS}


def test_who_signed_on_paper_is_asked_for_the_postal_address_again(client, db):
    pair = new_keypair()
    load(make_petition(keypair=pair), f"Wrnog,{ADDRESS},Street 1,DE")
    assert "Your postal address" in client.get(url()).content.decode()
    client.post(url("stop", "correct"), {"name": "Right", "postal": " Street\t1 "})
    sealed = {"name": "Right", "email": ADDRESS, "address": "Street 1"}
    assert unseal(Signature.objects.get().sealed, pair.private) == sealed


def test_who_corrects_a_name_is_told_that_a_reason_is_not_kept(client, db):
    petition = make_petition(asks_why=True)
    make_confirmed(petition)
    assert "Why are you signing?" in client.get(url()).content.decode()
    Petition.objects.update(asks_why=False)
    html = client.get(url()).content.decode()
    assert "Why are you signing?" not in html
    assert "Everything else that you entered when you signed is deleted" in html


def test_clicking_twice_does_no_harm(db):
    """Each click has found the signature before one of them has deleted it."""
    petition = make_petition()
    signature = make_confirmed(petition)
    self_service.forget(signature)
    self_service.forget(signature)
    self_service.withdraw(signature)
    self_service.correct(signature, name="Ana", address=ADDRESS)
    self_service.speak(signature, PublicComment("Because.", "Ana", is_public=True))
    assert (Signature.objects.count(), Voice.objects.count(), count()) == (0, 0, 0)


@pytest.mark.parametrize("state", State)
def test_the_state_is_said_in_words_for_its_signer(client, db, state):
    make_confirmed(make_petition())
    Signature.objects.update(state=state)
    cells = re.findall(r"<td>\s*(.*?)\s*</td>", client.get(url()).content.decode())
    assert cells[0] not in {"", state.value}
    assert ("count" in cells[0]) == (state != State.PENDING)


def test_the_state_of_a_signature_is_not_called_a_federal_state(client, db):
    make_confirmed(make_petition())
    assert '<th scope="row">Status</th>' in client.get("/de" + url()).content.decode()


def test_pages_and_mail_say_where_news_and_letters_are(client, outbox_drained):
    client.post("/petitions/mine/", {"email": ADDRESS})
    outbox_drained()
    words = [client.get("/petitions/mine/").content.decode(), client.get(url()).content.decode(), mail.outbox[0].body]
    assert all("This is about signatures only" in text for text in words)


def test_all_petitions_take_the_same_queries(db, django_assert_num_queries):
    make_confirmed(make_petition("one"))
    with CaptureQueriesContext(connection) as few:
        self_service.own_signatures(ADDRESS)
    for slug in ("two", "three"):
        make_confirmed(make_petition(slug))
    with django_assert_num_queries(len(few)):
        assert [one.petition.slug for one in self_service.own_signatures(ADDRESS)] == ["three", "two", "one"]


def test_everything_can_be_taken_along(client, db):
    make_confirmed(make_petition("stop"))
    make_confirmed(make_petition("two"))
    taken = client.get(url("export")).json()
    assert {signature["state"] for signature in taken["signatures"]} == {"confirmed"}
    assert len(taken["signatures"]) == 2
    assert {signature["text"] for signature in taken["signatures"]} == {"en 1"}
    assert all(signature["consent"] for signature in taken["signatures"])


def test_what_is_taken_along_says_in_the_language_of_the_page_what_it_leaves_out(client, db):
    assert client.get(url("export")).json()["note"].startswith("Your name and email address are stored sealed")
    assert (
        client.get(f"/de{url('export')}").json()["note"].startswith("Ihr Name und Ihre E-Mail-Adresse sind versiegelt")
    )


@pytest.mark.parametrize("path", ["", "export/"])
def test_a_useless_link_offers_a_new_one(client, db, path):
    page = client.get(f"/petitions/mine/junk/{path}")
    assert page.status_code == 404
    assert "/petitions/mine/" in page.content.decode()


def test_another_address_cannot_be_reached(client, db):
    make_confirmed(make_petition(), "other@example.org")
    client.post(url("stop", "forget"))
    assert Signature.objects.exists()


def test_the_forms_of_several_signatures_have_ids_of_their_own(client, db):
    for slug in ("stop", "two"):
        make_confirmed(make_petition(slug))
    refused = client.post(url("two", "correct"), {"name": ""})
    for page in (client.get(url()), refused):
        ids = re.findall(r'\bid="([^"]+)"', page.content.decode())
        assert len(ids) == len(set(ids))
    html = refused.content.decode()
    assert 'href="#id_two_name"' in html
    assert html.count('aria-invalid="true"') == 1
