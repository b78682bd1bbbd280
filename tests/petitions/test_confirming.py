"""Other ways to confirm, and to say that it was somebody else (petitions/confirming.py)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db.models.functions import Now

from campaign.outbox.models import Suppression
from petitions import confirming, counting, leaving
from petitions.models import Petition, Signature, State
from tests.petitions.factories import make_confirmed, make_petition, make_signature, token_of

ADDRESS = "ana@example.org"


def code_of(signature: Signature) -> str:
    return confirming.code_for(signature.nonce or b"")


def try_code(petition, code: str):
    return confirming.confirm_by_code(petition=petition, address=ADDRESS, code=code)


def test_the_code_of_the_mail_confirms_as_the_link_does(client, outbox_drained):
    make_petition()
    form = {"name": "Ana", "email": ADDRESS, "country": "DE"}
    to = client.post("/petitions/stop/", form)["Location"].split("to=")[1]
    outbox_drained()
    code = code_of(Signature.objects.get())
    assert f"{code[:4]} {code[4:]}" in mail.outbox[0].body
    answer = client.post("/petitions/stop/code/", {"code": f" {code[:4]} {code[4:]} ", "to": to})
    assert answer["Location"] == "/petitions/stop/thanks/"
    assert Signature.objects.get().state == State.CONFIRMED


def test_after_five_wrong_codes_the_right_one_is_refused_and_the_link_still_works(db):
    petition = make_petition()
    signature = make_signature(petition)
    for _ in range(confirming.CODE_TRIES):
        assert try_code(petition, "00000000") is None
    assert try_code(petition, code_of(signature)) is None
    assert confirming.confirm(token_of(signature)) is not None


def wear_out_the_code(petition: Petition) -> None:
    for _ in range(confirming.CODE_TRIES):
        assert try_code(petition, "00000000") is None


@pytest.mark.parametrize("gone", ["withdrawn", "expired", "erased"])
def test_who_signs_anew_has_five_tries_again(db, gone):
    petition = make_petition()
    signature = make_signature(petition)
    wear_out_the_code(petition)
    if gone == "withdrawn":
        leaving.withdraw(signature)
    elif gone == "erased":
        leaving.forget(signature)
    else:
        Signature.objects.update(token_expires_at=Now() - timedelta(seconds=1))
    assert try_code(petition, code_of(make_signature(petition))) is not None


def test_asking_for_the_mail_again_gives_no_new_tries(db):
    petition = make_petition()
    make_signature(petition)
    wear_out_the_code(petition)
    assert try_code(petition, code_of(make_signature(petition))) is None


def test_a_wrong_code_gets_the_same_page_whether_the_address_has_signed_or_not(client, db):
    make_petition()
    form = {"name": "Ana", "email": ADDRESS, "country": "DE"}
    to = client.post("/petitions/stop/", form)["Location"].split("to=")[1]
    signed = client.post("/petitions/stop/code/", {"code": "12345678", "to": to}).content
    Signature.objects.all().delete()
    assert client.post("/petitions/stop/code/", {"code": "12345678", "to": to}).content == signed


@pytest.mark.parametrize("code", ["", "1", "123456789", "abcdefgh", "１２３４５６７８x", "\0" * 8])
def test_what_is_no_code_is_a_form_error(client, db, code):
    make_petition()
    assert client.post("/petitions/stop/code/", {"code": code, "to": "x"}).status_code == 200


def test_it_was_not_me_takes_two_steps_removes_the_row_and_stops_all_mail(client, outbox_drained):
    petition = make_petition()
    make_signature(petition)
    outbox_drained()
    link = next(word for word in mail.outbox[0].body.split() if "/not-me/" in word).removeprefix("http://testserver")
    page = client.get(link)
    assert Signature.objects.exists()
    address = page.context["address"]
    assert client.post(link.partition("?")[0], {"address": address}).status_code == 302
    assert not Signature.objects.exists()
    assert Suppression.objects.get().cause == "not_me"
    make_signature(petition)
    outbox_drained()
    assert len(mail.outbox) == 1


def test_a_forged_seal_suppresses_nobody(db):
    signature = make_signature(make_petition())
    confirming.disown(token_of(signature), "forged")
    assert not Suppression.objects.exists()
    confirming.disown("wrong", confirming.address_seal("victim@example.org"))
    assert not Suppression.objects.exists()


def test_disowning_a_counted_signature_lowers_the_count(db):
    signature = make_confirmed(make_petition())
    counting.aggregate()
    confirming.disown(token_of(signature), "")
    counting.aggregate()
    assert counting.differences() == []
    assert not Signature.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_nothing_is_confirmed_of_a_petition_that_was_removed(client, db, method):
    petition = make_petition()
    link = f"/petitions/confirm/{token_of(make_signature(petition))}/"
    Petition.objects.update(visibility="removed")
    assert getattr(client, method)(link).status_code == 404
    assert Signature.objects.get().state == State.PENDING
