"""Asking for news: double opt-in, one answer for every address, leaving with one click."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from campaign.protection.models import Allowance
from campaign.supporters.models import Subscriber
from tests.supporters.joins import let_join

pytestmark = pytest.mark.django_db

ADDRESS = "ana@example.org"


def ask(client: Client, address: str = ADDRESS, language: str = "") -> Any:
    return client.post(f"{language}/newsletter/", {"email": address})


def link_in(message: Any, kind: str) -> str:
    return re.findall(rf"http://testserver(\S*/newsletter/{kind}/\S+/)", message.body)[0]


@pytest.fixture
def subscribed(client, outbox_drained):
    """The link that ends the subscription of somebody who has confirmed."""
    ask(client)
    outbox_drained()
    client.post(link_in(mail.outbox[0], "confirm"))
    let_join()
    return mail.outbox[0].extra_headers["List-Unsubscribe"].removeprefix("<http://testserver").removesuffix(">")


def test_asking_leads_to_a_page_that_names_the_address(client):
    answer = client.post("/newsletter/", {"email": ADDRESS}, follow=True)
    assert ADDRESS in answer.content.decode()
    assert ADDRESS not in answer.request["QUERY_STRING"]


def test_nobody_is_subscribed_before_confirming(client, outbox_drained):
    ask(client)
    outbox_drained()
    client.get(link_in(mail.outbox[0], "confirm"))
    assert not Subscriber.objects.confirmed().exists()


def test_the_button_behind_the_link_subscribes(client, outbox_drained):
    ask(client)
    outbox_drained()
    link = link_in(mail.outbox[0], "confirm")
    assert "<button" in client.get(link).content.decode()
    answer = client.post(link)
    assert answer.headers["Location"] == "/newsletter/thanks/"
    let_join()
    assert str(Subscriber.objects.confirmed().get().address) == ADDRESS
    assert client.post(link).headers["Location"] == "/newsletter/thanks/"


def test_the_mail_is_in_the_language_of_the_page(client, outbox_drained):
    ask(client, language="/de")
    outbox_drained()
    assert link_in(mail.outbox[0], "confirm").startswith("/de/")


def test_every_address_gets_the_same_answer(client, subscribed):
    known, new = ask(client), ask(client, "new@example.org")
    assert (known.status_code, known.headers["Location"].partition("?")[0]) == (302, "/newsletter/check-email/")
    assert (new.status_code, new.headers["Location"].partition("?")[0]) == (302, "/newsletter/check-email/")


def test_a_subscriber_who_asks_again_stays_one(client, subscribed):
    ask(client)
    assert Subscriber.objects.confirmed().count() == 1


def test_at_most_one_mail_goes_to_an_address_in_a_quarter_of_an_hour(client, outbox_drained):
    for spelling in (ADDRESS, "ANA@example.org", "ana@EXAMPLE.org"):
        ask(client, spelling)
    outbox_drained()
    assert len(mail.outbox) == 1
    assert Subscriber.objects.count() == 1


def test_opening_the_link_to_leave_changes_nothing(client, subscribed):
    assert "<button" in client.get(subscribed).content.decode()
    assert Subscriber.objects.confirmed().exists()


def test_mail_programs_unsubscribe_with_one_post(client, subscribed):
    answer = client.post(subscribed, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200
    assert Subscriber.objects.get().address is None
    assert mail.outbox[0].extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_leaving_twice_is_the_same_as_once(client, subscribed):
    assert client.post(subscribed).content == client.post(subscribed).content


def test_leaving_needs_no_cookie_and_no_token(subscribed):
    assert Client(enforce_csrf_checks=True).post(subscribed).status_code == 200


def test_who_has_left_can_ask_again(client, subscribed, outbox_drained):
    client.post(subscribed)
    Allowance.objects.all().delete()
    ask(client)
    outbox_drained()
    assert str(Subscriber.objects.pending().get().address) == ADDRESS


@pytest.mark.parametrize("kind", ["confirm", "unsubscribe"])
@pytest.mark.parametrize("token", ["x", "A" * 43, "%F0%9F%92%A5", "a%20b"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_wrong_token_gets_a_friendly_page(client, kind, token, method):
    answer = getattr(client, method)(f"/newsletter/{kind}/{token}/")
    assert answer.status_code == 404
    assert "This link cannot be used" in answer.content.decode()


def test_personal_pages_are_never_stored(client, subscribed):
    for path in (subscribed, "/newsletter/check-email/"):
        answer = client.get(path)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_the_form_is_cacheable_and_sets_no_cookie(client):
    answer = client.get("/newsletter/")
    assert answer.headers["Cache-Control"].startswith("public")
    assert not answer.cookies


def test_posts_from_other_sites_are_refused(client):
    assert (
        client.post("/newsletter/", {"email": ADDRESS}, headers={"Origin": "https://evil.example"}).status_code == 403
    )


@pytest.mark.parametrize(
    "email", ["", "no", "a@b@c", "a\0@example.org", "x" * 400 + "@example.org", "a@example.org\nBcc: x@y.z"]
)
def test_a_bad_address_is_an_error_beside_the_field_and_is_kept(client, email):
    answer = client.post("/newsletter/", {"email": email}, follow=True)
    assert answer.status_code == 422
    assert "Error:" in answer.content.decode()
    assert not Subscriber.objects.exists()


def test_the_answer_to_hostile_passages_is_the_page_without_an_address(client):
    for to in ("x", "A" * 5000, "%ff", "=" * 10):
        assert client.get(f"/newsletter/check-email/?to={to}").status_code == 200
