"""Other ways to confirm, and to say that it was somebody else (petitions/signing/confirming.py)."""

import math
from datetime import timedelta

import pytest
from django.core import mail
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from campaign.database import clock
from campaign.mail import cooldown
from campaign.outbox.models import Suppression
from campaign.outbox.suppressions import is_suppressed
from campaign.protection.models import Meter
from petitions.counting import events, recount
from petitions.data_requests import self_service
from petitions.models import Petition, Signature, State
from petitions.signing import confirming
from petitions.signing.sign import LIFETIME
from tests.petitions.factories import make_confirmed, make_petition, make_signature, make_text, token_of

ADDRESS = "ana@example.org"


def code_of(signature: Signature) -> str:
    return confirming.code_for(signature.nonce or b"")


def sign(client) -> str:
    """What the next page carries on."""
    form = {"name": "Ana", "email": ADDRESS, "country": "DE"}
    return client.post("/petitions/stop/", form)["Location"].split("to=")[1]


def try_code(petition, code: str):
    return confirming.confirm_by_code(petition=petition, address=ADDRESS, code=code)


def test_the_code_of_the_mail_confirms_as_the_link_does(client, outbox_drained):
    make_petition()
    to = sign(client)
    outbox_drained()
    code = code_of(Signature.objects.get())
    assert f"{code[:4]} {code[4:]}" in mail.outbox[0].body
    answer = client.post("/petitions/stop/code/", {"code": f" {code[:4]} {code[4:]} ", "to": to})
    assert answer["Location"] == "/petitions/stop/thanks/"
    assert Signature.objects.get().state == State.CONFIRMED


def test_mail_and_page_name_what_was_signed_and_not_a_newer_wording(client, outbox_drained):
    petition = make_petition()
    signature = make_signature(petition)
    make_text(petition, version=2, title="Stop something else")
    outbox_drained()
    page = client.get(f"/petitions/confirm/{token_of(signature)}/").content.decode()
    assert mail.outbox[0].subject == "Confirm your signature: Stop it"
    assert ("<strong>Stop it</strong>" in page, "Stop something else" in mail.outbox[0].body) == (True, False)


def test_the_code_may_be_typed_in_the_digits_of_another_script(client, db):
    make_petition()
    to = sign(client)
    code = code_of(Signature.objects.get()).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert client.post("/petitions/stop/code/", {"code": code, "to": to})["Location"] == "/petitions/stop/thanks/"


def test_after_five_wrong_codes_the_right_one_is_refused_and_the_link_still_works(db):
    petition = make_petition()
    signature = make_signature(petition)
    for _ in range(confirming.CODE_TRIES.burst):
        assert try_code(petition, "00000000") is None
    assert try_code(petition, code_of(signature)) is None
    assert confirming.confirm(token_of(signature)) is not None


def wear_out_the_code(petition: Petition) -> None:
    for _ in range(confirming.CODE_TRIES.burst):
        assert try_code(petition, "00000000") is None


@pytest.mark.parametrize("gone", ["withdrawn", "expired", "erased"])
def test_who_signs_anew_has_five_tries_again(db, gone):
    petition = make_petition()
    signature = make_signature(petition)
    wear_out_the_code(petition)
    if gone == "withdrawn":
        self_service.withdraw(signature)
    elif gone == "erased":
        self_service.forget(signature)
    else:
        Signature.objects.update(token_expires_at=F("token_expires_at") - LIFETIME)
        Meter.objects.update(empties_at=F("empties_at") - LIFETIME)
    assert try_code(petition, code_of(make_signature(petition))) is not None


def test_the_right_code_counts_as_no_try(db):
    petition = make_petition()
    code = code_of(make_signature(petition))
    assert all(try_code(petition, code) for _ in range(confirming.CODE_TRIES.burst + 2))


def test_asking_for_the_mail_again_gives_no_new_tries(db):
    petition = make_petition()
    make_signature(petition)
    wear_out_the_code(petition)
    assert try_code(petition, code_of(make_signature(petition))) is None


def test_a_wrong_code_gets_the_same_page_whether_the_address_has_signed_or_not(client, db):
    make_petition()
    to = sign(client)
    signed = client.post("/petitions/stop/code/", {"code": "12345678", "to": to}).content
    Signature.objects.all().delete()
    assert client.post("/petitions/stop/code/", {"code": "12345678", "to": to}).content == signed


@pytest.mark.parametrize("code", ["", "1", "123456789", "abcdefgh", "１２３４５６７８x", "\0" * 8])
def test_what_is_no_code_is_a_form_error_and_no_try(client, db, code):
    make_petition()
    page = client.post("/petitions/stop/code/", {"code": code, "to": sign(client)})
    assert page.status_code == 200
    assert "code" in page.context["code_form"].errors
    assert not Meter.objects.filter(empties_at__gt=Now() + LIFETIME / 10).exists()


def test_after_two_days_the_page_says_that_it_no_longer_knows_the_address(client, db, monkeypatch):
    make_petition()
    page = client.get("/petitions/stop/check-email/", {"to": sign(client)})
    to = page.context["form"]["to"].value()
    later = timezone.now() + timedelta(days=2)
    monkeypatch.setattr(clock.clock, "reading", clock.Reading(later, clock.counter(), math.inf))
    code = code_of(Signature.objects.get())
    for path, answers in (("code", {"code": code}), ("check-email", {"email": ADDRESS})):
        page = client.post(f"/petitions/stop/{path}/", {**answers, "to": to})
        assert "no longer has your email address" in page.content.decode()
    assert Signature.objects.get().state == State.PENDING


def test_while_a_petition_is_paused_the_page_says_that_no_mail_goes_out_and_the_code_still_works(client, db):
    make_petition()
    to = sign(client)
    Petition.objects.update(is_paused=True)
    page = client.post("/petitions/stop/check-email/", {"email": ADDRESS, "to": to})
    assert "No emails are being sent now" in page.content.decode()
    code = code_of(Signature.objects.get())
    assert client.post("/petitions/stop/code/", {"code": code, "to": to}).status_code == 302


def test_when_a_petition_is_closed_for_good_the_page_says_so_and_offers_no_form(client, db):
    make_petition()
    to = sign(client)
    Petition.objects.update(opens_at=Now() - timedelta(days=90), closes_at=Now() - timedelta(days=60))
    code = code_of(Signature.objects.get())
    page = client.post("/petitions/stop/code/", {"code": code, "to": to})
    assert "can no longer be confirmed" in page.content.decode()
    assert "code_form" not in page.context


def test_asking_again_promises_no_mail_that_the_limit_may_hold_back(client, db):
    make_petition()
    page = client.post("/petitions/stop/check-email/", {"email": ADDRESS, "to": sign(client)}, follow=True)
    assert "Requested again" in page.content.decode()
    assert "at most one email in 15 minutes" in page.content.decode()


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


def test_a_mail_whose_link_has_run_out_while_the_mail_server_was_away_is_not_sent(outbox_drained):
    make_signature(make_petition())
    Signature.objects.update(token_expires_at=Now() - timedelta(seconds=1))
    outbox_drained()
    assert mail.outbox == []


def test_a_forged_seal_suppresses_nobody(db):
    signature = make_signature(make_petition())
    confirming.disown(token_of(signature), "forged")
    confirming.disown("wrong", cooldown.seal_for("victim@example.org"))
    assert not Suppression.objects.exists()


def test_the_seal_from_the_mail_stops_all_mail_also_when_the_signature_is_gone(client, outbox_drained):
    petition = make_petition()
    make_signature(petition)
    outbox_drained()
    link = next(word for word in mail.outbox[0].body.split() if "/not-me/" in word).removeprefix("http://testserver")
    self_service.forget(Signature.objects.get())
    client.post(link.partition("?")[0], {"address": client.get(link).context["address"]})
    assert is_suppressed(ADDRESS)


def test_disowning_a_counted_signature_lowers_the_count(db):
    signature = make_confirmed(make_petition())
    events.aggregate()
    confirming.disown(token_of(signature), "")
    events.aggregate()
    assert recount.differences() == []
    assert not Signature.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_nothing_is_confirmed_of_a_petition_that_was_removed(client, db, method):
    petition = make_petition()
    link = f"/petitions/confirm/{token_of(make_signature(petition))}/"
    Petition.objects.update(visibility="removed")
    assert getattr(client, method)(link).status_code == 404
    assert Signature.objects.get().state == State.PENDING
