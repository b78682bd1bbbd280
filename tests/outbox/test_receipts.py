"""Receipts (campaign/mail/cooldown.py): who proves that a mailbox is theirs need not wait for the next mail."""

from django.core import mail, signing

from campaign.mail import cooldown
from campaign.outbox import suppressions
from campaign.protection.limits import rate_limits
from petitions.models import Signature
from petitions.signing import confirming
from petitions.signing.confirming import code_for
from tests.petitions.factories import make_petition

FORM = {"name": "Ana", "email": "ana@example.org", "country": "DE"}


def take() -> bool:
    return rate_limits.take(cooldown.allowance_key("ana@example.org"), rate_limits.CONFIRMATION_MAIL)


def test_after_confirming_the_next_form_gets_its_mail_at_once(client, outbox_drained):
    make_petition()
    client.post("/petitions/stop/", FORM)
    outbox_drained()
    link = next(word for word in mail.outbox[0].body.split() if "/petitions/confirm/" in word)
    client.post("/newsletter/", {"email": "ana@example.org"})
    outbox_drained()
    assert len(mail.outbox) == 1
    assert client.post(link.removeprefix("http://testserver")).status_code == 302
    client.post("/newsletter/", {"email": "ana@example.org"})
    outbox_drained()
    assert len(mail.outbox) == 2


def test_the_links_of_a_mail_fit_into_two_lines_of_a_phone(client, outbox_drained):
    make_petition()
    client.post("/petitions/stop/", FORM)
    outbox_drained()
    links = [word for word in mail.outbox[0].body.split() if word.startswith("http://testserver/petitions/")]
    assert [len(link.removeprefix("http://testserver")) <= 116 for link in links] == [True, True]


def test_a_link_of_an_older_release_still_tells_that_it_was_not_me(db):
    seal = signing.dumps(suppressions.fingerprint_of("ana@example.org").hex(), salt="not-me")
    confirming.disown("no token", seal)
    assert suppressions.is_suppressed("ana@example.org")


def test_the_code_of_the_mail_lets_the_next_mail_go_as_the_link_does(client, outbox_drained):
    make_petition()
    to = client.post("/petitions/stop/", FORM)["Location"].split("to=")[1]
    outbox_drained()
    client.post("/petitions/stop/code/", {"to": to, "code": code_for(Signature.objects.get().nonce or b"")})
    client.post("/newsletter/", {"email": "ana@example.org"})
    outbox_drained()
    assert len(mail.outbox) == 2


def test_a_link_used_again_and_again_gives_no_more_mails_than_three_a_day(client, outbox_drained):
    make_petition()
    client.post("/petitions/stop/", FORM)
    outbox_drained()
    link = next(word for word in mail.outbox[0].body.split() if "/petitions/confirm/" in word)
    for _ in range(8):
        client.post(link.removeprefix("http://testserver"))
        client.post("/newsletter/", {"email": "ana@example.org"})
        client.post("/petitions/mine/", {"email": "ana@example.org"})
        outbox_drained()
    assert len(mail.outbox) == 2


def test_a_receipt_dates_one_grant_back_of_its_own_address_and_a_forged_one_none(db):
    assert take()
    cooldown.honour("forged")
    cooldown.honour("")
    cooldown.honour(cooldown.receipt_for("other@example.org").removeprefix("?receipt="))
    assert not take()
    cooldown.honour(cooldown.receipt_for("ANA@example.org").removeprefix("?receipt="))
    assert take()
    assert not take()
