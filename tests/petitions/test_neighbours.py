"""Neighbours of signing: refused forms, hostile posts, equal answers, confirmations side by side (cases 5, 8, 10, 13,
16, 21)."""

import html
import re
from collections.abc import Callable
from threading import Event, Thread
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaign.outbox.models import Suppression
from campaign.protection.models import DomainRule, Meter
from campaign.secrecy import passages
from petitions.counting import events, recount
from petitions.data_requests import self_service
from petitions.models import Petition, Signature, State
from petitions.moderation import decisions
from petitions.signing import confirming
from petitions.signing.views import passage_of
from tests.petitions.factories import make_confirmed, make_held, make_petition, make_signature, make_text, token_of
from tests.petitions.paper import load

FORM = {"name": "Ana Núñez", "email": "ana@example.org", "country": "ES"}
PAGES = ["/petitions/stop/", "/petitions/stop/check-email/", "/petitions/stop/code/", "/petitions/mine/"]


def post(client: Client, **changes: str) -> Any:
    return client.post("/petitions/stop/", {**FORM, **changes})


@pytest.mark.parametrize("country", ["", "XX", "Spain", "es", "E\0S"])
def test_a_country_that_is_not_in_the_list_is_named_above_and_beside_and_the_rest_is_kept(client, db, country):
    make_petition()
    refused = client.get(post(client, country=country)["Location"])
    page = html.unescape(refused.content.decode())
    assert refused.status_code == 422
    assert page.partition("<title>")[2].strip().startswith("Error:")
    assert page.index("error-summary") < page.index("<h1")
    assert 'href="#id_country"' in page
    assert 'value="Ana Núñez"' in page
    assert 'value="ana@example.org"' in page
    assert not Signature.objects.exists()


BODIES: dict[str, tuple[str, bytes]] = {
    "NUL": ("application/x-www-form-urlencoded", b"name=a%00b&email=a%00@example.org&country=D%00E&to=%00&code=%00"),
    "half a surrogate": (
        "application/x-www-form-urlencoded",
        b"name=%ED%A0%80&email=%ED%A0%80@x.org&country=%ED%A0%80",
    ),
    "bad percents": ("application/x-www-form-urlencoded", b"name=%zz&email=%&country=%E0%A4%A&to=%%%"),
    "lists": (
        "application/x-www-form-urlencoded",
        b"name=a&name=b&email[]=x&email[a]=y&country=DE&country=FR&to=1&to=2",
    ),
    "a megabyte": (
        "application/x-www-form-urlencoded",
        b"name=" + b"a" * 1_000_000 + b"&email=a@example.org&country=DE",
    ),
    "no multipart": ("multipart/form-data; boundary=x", b"--y\r\nrubbish"),
    "no boundary": ("multipart/form-data", b"name=a"),
    "JSON": ("application/json", b'{"name": {"a": []}}'),
    "a thousand fields": ("application/x-www-form-urlencoded", b"&".join(b"f%d=1" % n for n in range(1000))),
    "another charset": ("application/x-www-form-urlencoded; charset=no-such", b"name=a&email=b&country=c"),
}


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("path", PAGES)
def test_no_post_is_an_error_of_ours(client, db, path, body):
    make_petition()
    kind, content = BODIES[body]
    client.raise_request_exception = False
    assert client.generic("POST", path, content, content_type=kind).status_code < 500


def test_consent_is_unticked_and_the_wording_and_language_are_kept_with_the_signature(client, db):
    petition = make_petition()
    german = make_text(petition, "de")
    page = client.get("/de/petitions/stop/").content.decode()
    assert "checked" not in page
    client.post("/de/petitions/stop/", FORM)
    signature = Signature.objects.select_related("text", "consent").get()
    assert (signature.text, signature.language, signature.consent.language) == (german, "de", "de")
    assert signature.consent.wording in html.unescape(page)


def become_pending(petition: Petition) -> None:
    make_signature(petition)


def become_withdrawn(petition: Petition) -> None:
    self_service.withdraw(make_confirmed(petition))


def become_invalidated(petition: Petition) -> None:
    decisions.invalidate([make_confirmed(petition).pk], by="staff")


def become_capped(petition: Petition) -> None:
    for _ in range(5):
        make_signature(petition)


def become_suppressed(petition: Petition) -> None:
    signature = make_signature(petition)
    confirming.disown(token_of(signature), confirming.address_seal("ana@example.org"))


KNOWN: dict[str, Callable[[Petition], object]] = {
    "pending": become_pending,
    "confirmed": make_confirmed,
    "held": lambda petition: make_held(petition, "ana@example.org"),
    "withdrawn": become_withdrawn,
    "invalidated": become_invalidated,
    "on paper": lambda petition: load(petition, "Ana,ana@example.org,,DE"),
    "capped": become_capped,
    "suppressed": become_suppressed,
    "blocked": lambda _: DomainRule.objects.create(pattern="example.org", verdict="blocked"),
}


@pytest.mark.parametrize("known", KNOWN)
def test_the_answer_and_its_page_tell_nothing_of_the_address(client, known, outbox_drained):
    petition = make_petition()
    fresh = told(client)
    Signature.objects.all().delete()
    KNOWN[known](petition)
    outbox_drained()
    assert told(client) == fresh


def passage(address: str) -> str:
    typed = {**FORM, "email": address, "updates": False}
    return passages.in_url(typed, passage_of(Petition.objects.get()))


def wrong_code(client: Client, address: str) -> Any:
    return client.post("/petitions/stop/code/", {"to": passage(address), "code": "12345678"})


def use_up_the_code(petition: Petition) -> None:
    make_signature(petition)
    for _ in range(confirming.CODE_TRIES.burst + 1):
        confirming.confirm_by_code(petition=petition, address="ana@example.org", code="12345678")


ACTS: dict[str, Callable[[Client, str], Any]] = {
    "signing": lambda client, address: post(client, email=address),
    "asking for the mail again": lambda client, address: client.post(
        "/petitions/stop/check-email/", {"to": passage(address), "email": address}
    ),
    "entering a code": wrong_code,
    "asking for one's own data": lambda client, address: client.post("/petitions/mine/", {"email": address}),
}
SAME_WORK = {**KNOWN, "out of tries": use_up_the_code}
del SAME_WORK["blocked"]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("known", SAME_WORK)
def test_no_address_takes_another_time(client, act, known, outbox_drained):
    """The same statements in the same order, since the worker decides which mail goes out; a clock would only guess.

    A blocked domain saves the statement of its meters, which says something about the domain and nobody in it.
    """
    petition = make_petition()
    ACTS[act](client, "the.first@example.org")  # which reads what a process keeps
    fresh = statements(client, act, "somebody.else@example.org")
    SAME_WORK[known](petition)
    outbox_drained()
    assert statements(client, act, "ana@example.org") == fresh


def test_a_wrong_code_writes_the_same_rows_whether_somebody_has_signed_or_not(client, db):
    """Where it is counted cannot tell: what is stolen has one bucket for each address that somebody typed."""
    petition = make_petition()
    make_signature(petition)
    before = Meter.objects.count()
    for address in ("ana@example.org", "nobody@example.org"):
        wrong_code(client, address)
    assert Meter.objects.count() == before + 2


def statements(client: Client, act: str, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        ACTS[act](client, address)
    assert asked.captured_queries
    return [re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in asked.captured_queries]


def told(client: Client) -> list[tuple[int, list[tuple[str, str]], bytes]]:
    answer = post(client)
    page = client.get(answer["Location"])
    return [(one.status_code, sorted(one.headers.items()), one.content) for one in (answer, page)]


def test_an_address_that_said_it_was_not_me_gets_no_mail_from_any_form(client, outbox_drained):
    become_suppressed(make_petition())
    assert Suppression.objects.exists()
    post(client)
    client.post("/petitions/mine/", {"email": "ana@example.org"})
    client.post("/newsletter/", {"email": "ana@example.org"})
    outbox_drained()
    assert mail.outbox == []


def test_pages_with_a_token_are_not_stored_send_no_referrer_and_lead_to_an_address_without_it(client, db):
    signature = make_signature(make_petition())
    path = f"/petitions/confirm/{token_of(signature)}/"
    for answer in (client.get(path), client.post(path), client.get(path), client.post(path)):
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
    assert client.post(path)["Location"] == "/petitions/stop/thanks/"
    assert token_of(signature) not in client.get("/petitions/stop/thanks/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_confirmation_waits_for_no_other_and_the_aggregator_for_none():
    petition = make_petition()
    slow, quick = make_signature(petition, "slow@example.org"), make_signature(petition, "quick@example.org")
    has_confirmed, may_end = Event(), Event()

    def confirm_slowly() -> None:
        with transaction.atomic():
            confirming.confirm(token_of(slow))
            has_confirmed.set()
            may_end.wait(60)
        connection.close()

    thread = Thread(target=confirm_slowly)
    thread.start()
    assert has_confirmed.wait(60)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        confirmed = confirming.confirm(token_of(quick))
        assert confirmed is not None
        assert confirmed.state == State.CONFIRMED
        assert events.aggregate() == 1
    finally:
        may_end.set()
        thread.join()
        connection.close()
    assert events.aggregate() == 1
    assert recount.differences() == []
