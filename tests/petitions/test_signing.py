"""Signing and confirming (petitions/signing/sign.py): one row per address, the same answer for everybody."""

import hashlib
import re
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from urllib.parse import quote

import pytest
from django.core import mail
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from campaign.outbox.models import Item
from campaign.secrecy.keypairs import new_keypair
from campaign.secrecy.sealing import unseal
from campaign.supporters.models import Consent, Subscriber
from petitions.models import CountEvent, Petition, Signature, State
from petitions.public import selectors
from petitions.signing import confirming
from petitions.signing.sign import REMINDER
from tests.petitions.factories import make_confirmed, make_petition, make_signature, make_text, token_of
from tests.supporters.joins import let_join

FORM = {"name": "Ana Núñez", "email": "ana@example.org", "country": "ES", "updates": ""}


def post(client: Client, slug: str = "stop", **changes: str):
    return client.post(f"/petitions/{slug}/", {**FORM, **changes})


def test_a_valid_form_makes_a_pending_signature_and_one_mail_and_no_count(client, outbox_drained):
    make_petition()
    response = post(client)
    assert response.status_code == 302
    assert response["Location"].startswith("/petitions/stop/check-email/?to=")
    assert Signature.objects.get().state == State.PENDING
    outbox_drained()
    assert [message.to for message in mail.outbox] == [["ana@example.org"]]
    assert not CountEvent.objects.exists()


def test_the_page_after_signing_names_the_address_and_stores_nothing(client, db):
    make_petition()
    page = client.get(post(client)["Location"])
    assert "ana@example.org" in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "no-referrer"
    assert not page.cookies


def hidden(page: Any) -> dict[str, str]:
    """The fields of a page that nobody types into."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode()))


def test_what_is_signed_are_the_words_that_the_page_showed_also_when_it_is_sent_again(client, db):
    petition = make_petition()
    post(client, email="first@example.org")
    first = Signature.objects.get()
    shown = hidden(client.get("/petitions/stop/"))
    make_text(petition, version=2)
    Petition.objects.update(remind_after_days=0)  # and so other words on what becomes of the data
    next_page = client.get(post(client, **shown)["Location"])
    client.post("/petitions/stop/check-email/", {"to": hidden(next_page)["to"], "email": "other@example.org"})
    signed = Signature.objects.exclude(pk=first.pk).values_list("text", "consent")
    assert list(signed) == [(first.text_id, first.consent_id)] * 2
    assert hidden(client.post("/petitions/stop/", {**FORM, **shown, "name": ""}, follow=True)) != shown


@pytest.mark.parametrize("language", ["", "/de", "/zh-hans"])
def test_a_page_of_today_names_the_words_that_it_shows(client, db, language):
    german = make_text(make_petition(), "de")
    client.post(f"{language}/petitions/stop/", {**FORM, **hidden(client.get(f"{language}/petitions/stop/"))})
    signature = Signature.objects.select_related("text", "consent").get()
    assert (signature.text == german) == (language == "/de")
    assert signature.consent.language == (language.strip("/") or "en")


def test_words_that_this_process_does_not_know_yet_are_those_that_another_showed(db):
    make_petition()
    known = selectors.get_petition("stop")
    newest = make_text(known, version=2)
    assert selectors.text_shown(known, str(newest.pk), "en") == newest


@pytest.mark.parametrize("given", ["", "0", "-1", "x", "1.5", "٣", "9" * 18, "9" * 400, "a" * 32, "draft", "elsewhere"])
def test_no_value_chooses_words_that_are_not_public_or_of_another_petition(client, db, given):
    petition = make_petition()
    draft = make_text(petition, version=2, is_draft=True)
    number = {"draft": draft.pk, "elsewhere": make_petition("other").text.pk}.get(given, given)
    assert post(client, text=str(number), consent=given).status_code == 302
    signature = Signature.objects.select_related("consent").get()
    assert signature.text == petition.text
    assert (signature.consent.purpose, signature.consent.language) == ("signature", "en")


def test_a_consent_to_something_else_is_not_taken(client, db):
    make_petition()
    other = Consent.objects.create(purpose="newsletter", language="en", wording="Write to me.")
    post(client, consent=hashlib.sha256(b"en\0Write to me.").hexdigest()[:32])
    assert Signature.objects.get().consent_id != other.pk


def test_following_the_mailed_link_confirms_by_post_only(client, outbox_drained):
    make_petition()
    post(client)
    outbox_drained()
    link = next(line for line in mail.outbox[0].body.split() if "/petitions/confirm/" in line)
    path = link.removeprefix("http://testserver")
    for method in (client.get, client.head):
        assert method(path).status_code == 200
        assert Signature.objects.get().state == State.PENDING
    first, second = client.post(path), client.post(path)
    assert first["Location"] == second["Location"] == "/petitions/stop/thanks/"
    assert Signature.objects.get().state == State.CONFIRMED
    assert CountEvent.objects.count() == 1


@pytest.mark.parametrize("token", ["x", "A" * 43, "ü", "a" * 5000])
def test_every_useless_link_gets_the_same_page(client, db, token):
    make_petition()
    pages = [client.get(f"/petitions/confirm/{token}/"), client.post(f"/petitions/confirm/{token}/")]
    assert {page.status_code for page in pages} == {404}
    assert pages[0].content == client.get("/petitions/confirm/other/").content.replace(b"other", quote(token).encode())


def test_an_expired_link_is_useless_until_the_address_signs_again(db):
    petition = make_petition()
    signature = make_signature(petition)
    Signature.objects.update(token_expires_at=timezone.now() - timedelta(seconds=1))
    assert confirming.confirm(token_of(signature)) is None
    make_signature(petition)
    assert confirming.confirm(token_of(signature)) is not None


def test_the_grace_period_after_closing_still_counts_and_later_does_not(db):
    petition = make_petition(opens_at=timezone.now() - timedelta(days=9))
    signature = make_signature(petition)
    petition.closes_at = timezone.now() - timedelta(hours=25)
    petition.save()
    assert confirming.confirm(token_of(signature)) is None
    petition.closes_at = timezone.now() - timedelta(hours=23)
    petition.save()
    assert confirming.confirm(token_of(signature)) is not None


def test_the_mail_names_the_day_on_which_its_link_stops_working(client, outbox_drained):
    closes_at = timezone.now() + timedelta(days=1)
    make_petition(closes_at=closes_at)
    post(client)
    outbox_drained()
    last_day = date_format(closes_at + timedelta(days=1), "DATE_FORMAT")
    assert f"The link works until {last_day}." in mail.outbox[0].body


@pytest.mark.parametrize("spelling", ["ANA@EXAMPLE.ORG", "ana+petition@example.org", "Ana@Example.org"])
def test_spellings_of_one_address_are_one_row(client, db, spelling):
    make_petition()
    post(client)
    assert post(client, email=spelling).status_code == 302
    assert Signature.objects.count() == 1


def test_an_address_that_ends_in_a_dot_is_refused(client, db):
    make_petition()
    assert client.get(post(client, email="ana@example.org.")["Location"]).status_code == 422
    assert not Signature.objects.exists()


def test_gmail_ignores_dots_and_other_providers_do_not(client, db):
    make_petition()
    for address in ["a.n.a@gmail.com", "ana@googlemail.com", "a.na@example.org", "ana@example.org"]:
        post(client, email=address)
    assert Signature.objects.count() == 3


def test_one_signature_per_address_is_a_constraint_of_the_database(db):
    signature = make_signature(make_petition())
    signature.pk = None
    signature.token_digest = b"another"
    with pytest.raises(IntegrityError), transaction.atomic():
        signature.save(force_insert=True)


def test_a_pending_signature_takes_the_newest_name_and_a_confirmed_one_keeps_its_own(db):
    pair = new_keypair()
    petition = make_petition(keypair=pair)
    make_signature(petition, name="Wrong")
    signature = make_signature(petition, name="Right")
    confirming.confirm(token_of(signature))
    make_signature(petition, name="Somebody else")
    assert unseal(Signature.objects.get().sealed, pair.private)["name"] == "Right"


def test_names_and_addresses_cannot_be_read_in_the_database(db):
    make_confirmed(make_petition(), "canary@example.org", name="Canary Canaryson")
    Item.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT s::text, encode(s.sealed, 'escape') FROM petitions_signature s")
        dump = repr(cursor.fetchall()).lower()
    assert "canary" not in dump


def test_an_address_signs_two_petitions_independently(client, db):
    make_petition("one")
    make_petition("two")
    for slug in ("one", "two"):
        assert post(client, slug).status_code == 302
    assert Signature.objects.count() == 2
    prints = Signature.objects.values_list("fingerprint", flat=True)
    assert len({bytes(one) for one in prints}) == 2


def test_the_answer_is_the_same_for_new_pending_confirmed_and_withdrawn_addresses(client, db):
    make_petition()
    answers = [post(client)]
    answers.append(post(client))
    confirming.confirm(token_of(Signature.objects.get()))
    answers.append(post(client))
    Signature.objects.update(state=State.WITHDRAWN)
    answers.append(post(client))
    assert len({(a.status_code, str(sorted(a.headers.items())), a.content) for a in answers}) == 1


def test_somebody_who_has_signed_is_told_so_by_mail_only(client, outbox_drained):
    make_confirmed(make_petition())
    Item.objects.all().delete()
    assert post(client).status_code == 302
    outbox_drained()
    assert "already" in mail.outbox[0].subject.lower()
    assert "/petitions/confirm/" not in mail.outbox[0].body


def test_no_word_of_the_signer_goes_into_the_mail(client, outbox_drained):
    make_petition()
    post(client, name="Buy Cheap Pills")
    outbox_drained()
    message = mail.outbox[0].message().as_string()
    assert "Pills" not in message


def test_at_most_one_mail_in_fifteen_minutes_and_the_page_stays_the_same(client, outbox_drained):
    make_petition("one")
    make_petition("two")
    for slug in ("one", "two", "one"):
        assert post(client, slug).status_code == 302
        outbox_drained()
    assert len(mail.outbox) == 1
    assert not Item.objects.exclude(kind=REMINDER).exists()


def test_news_is_asked_for_in_a_separate_record_that_the_same_link_confirms(client, outbox_drained):
    make_petition()
    post(client, updates="on")
    outbox_drained()
    assert len(mail.outbox) == 1
    assert not Subscriber.objects.exists()
    link = next(word for word in mail.outbox[0].body.split() if "/petitions/confirm/" in word)
    assert not re.search(r"\bnews", link)
    assert client.post(link.removeprefix("http://testserver")).status_code == 302
    let_join()
    subscriber = Subscriber.objects.get()
    assert subscriber.state == "confirmed"
    assert str(subscriber.address) == "ana@example.org"
    assert bytes(subscriber.fingerprint) != bytes(Signature.objects.get().fingerprint)


def test_who_left_is_not_subscribed_again_by_an_old_link(client, outbox_drained):
    make_petition()
    post(client, updates="on")
    outbox_drained()
    link = next(word for word in mail.outbox[0].body.split() if "/petitions/confirm/" in word)
    client.post(link.removeprefix("http://testserver"))
    let_join()
    Subscriber.objects.all().unsubscribe()
    client.post(link.removeprefix("http://testserver"))
    let_join()
    assert Subscriber.objects.get().state == "unsubscribed"


def test_a_signer_who_asks_for_news_later_gets_a_link_for_it_and_no_record_ties_the_two(client, outbox_drained):
    confirmed = make_confirmed(make_petition())
    Item.objects.all().delete()
    post(client, updates="on")
    outbox_drained()
    assert "/newsletter/confirm/" in mail.outbox[0].body
    subscriber = Subscriber.objects.get()
    assert confirmed.token_expires_at is None
    assert bytes(subscriber.token_digest or b"") != bytes(confirmed.token_digest or b"")
    link = next(word for word in mail.outbox[0].body.split() if "/newsletter/confirm/" in word)
    assert client.post(link.removeprefix("http://testserver")).status_code == 302
    let_join()
    assert Subscriber.objects.get().state == "confirmed"


def test_signing_does_not_break_a_newsletter_link_that_waits(client, outbox_drained):
    make_petition()
    client.post("/newsletter/", {"email": "ana@example.org"})
    outbox_drained()
    link = next(word for word in mail.outbox[0].body.split() if "/newsletter/confirm/" in word)
    post(client, updates="on")
    outbox_drained()
    assert client.get(link.removeprefix("http://testserver")).status_code == 200


@pytest.mark.parametrize("status", ["paused", "closed", "upcoming"])
def test_what_is_not_open_takes_no_signature_and_says_so(client, db, status):
    now = timezone.now()
    fields: dict[str, dict[str, Any]] = {
        "paused": {"is_paused": True},
        "closed": {"opens_at": now - timedelta(days=2), "closes_at": now - timedelta(days=1)},
        "upcoming": {"opens_at": now + timedelta(days=1)},
    }
    make_petition(**fields[status])
    assert post(client).status_code == 409
    assert not Signature.objects.exists()
    assert client.get("/petitions/stop/").status_code == 200


def test_a_draft_is_not_there_and_a_removed_petition_is_gone(client, db):
    make_petition("draft", visibility="draft")
    make_petition("gone", visibility="removed")
    assert client.get("/petitions/draft/").status_code == 404
    assert client.get("/petitions/gone/").status_code == 410


def test_a_petition_without_a_key_cannot_be_published(db):
    petition = make_petition()
    petition.active_key = None
    with pytest.raises(IntegrityError), transaction.atomic():
        petition.save()


def test_the_wrong_address_can_be_changed_on_the_next_page(client, outbox_drained):
    make_petition()
    to = post(client, email="typo@example.org")["Location"].split("to=")[1]
    again = client.post("/petitions/stop/check-email/", {"to": to, "email": "right@example.org"})
    assert again.status_code == 302
    outbox_drained()
    assert {message.to[0] for message in mail.outbox} == {"typo@example.org", "right@example.org"}


@pytest.mark.django_db(transaction=True)
def test_twenty_parallel_posts_of_one_address_in_many_spellings_make_one_row_and_one_mail(outbox_drained):
    make_petition()
    spellings = ["ana@example.org", "ANA@example.org", "ana+x@example.org", "Ana+y@EXAMPLE.org"]
    barrier, codes = Barrier(20), []

    def go(number: int) -> None:
        barrier.wait(60)
        codes.append(post(Client(), email=spellings[number % 4]).status_code)
        connections.close_all()

    threads = [Thread(target=go, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outbox_drained()
    assert codes == [302] * 20
    assert Signature.objects.count() == 1
    assert len(mail.outbox) == 1
