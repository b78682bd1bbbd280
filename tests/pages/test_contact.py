"""Writing to the coalition: one mail for each honest message, the same answer for everything else."""

import time
from typing import Any

import pytest
from django.core import signing
from django.test import Client

from campaign.outbox.models import Item, State, Suppression
from campaign.outbox.suppressions import fingerprint_of
from pages.contact import forms
from pages.models import SiteSettings

pytestmark = pytest.mark.django_db
WRITE, SENT = "/contact/write/", "/contact/sent/"


@pytest.fixture(autouse=True)
def coalition() -> SiteSettings:
    return SiteSettings.objects.create(name="A campaign", contact_email="coalition@example.org")


def opened(client: Client, *, ago: int = 60) -> str:
    """The form's own word for when it was opened, which was `ago` seconds before."""
    value: str = client.get(WRITE).context["form"]["opened"].value()
    assert signing.loads(value, salt=forms.FORM_SALT) <= time.time()
    return signing.dumps(int(time.time()) - ago, salt=forms.FORM_SALT)


def write(client: Client, *, ago: int = 60, **fields: str) -> Any:
    words = {"name": "Ana", "email": "ana@example.org", "message": "Good day.\r\nA question."}
    return client.post(WRITE, {**words, "opened": opened(client, ago=ago), **fields})


def waiting() -> int:
    return Item.objects.filter(kind="pages.contact").count()


def test_a_message_reaches_the_coalition_and_is_forgotten(client, mailoutbox, outbox_drained):
    assert write(client)["Location"] == SENT
    assert b"Good day" not in bytes(Item.objects.get().sealed_secret or b"")
    outbox_drained()
    mail = mailoutbox[0]
    assert (mail.to, mail.message()["Reply-To"]) == (["coalition@example.org"], "ana@example.org")
    assert mail.subject == "Message from Ana"
    assert "Good day.\nA question." in mail.body
    assert waiting() == 0


def test_the_coalition_gets_its_mail_though_one_came_back(client, mailoutbox, outbox_drained):
    Suppression.objects.create(fingerprint=fingerprint_of("coalition@example.org"), cause="bounce")
    write(client)
    outbox_drained()
    assert len(mailoutbox) == 1


@pytest.mark.parametrize("fields", [{"website": "https://spam.example"}, {"ago": 1}])
def test_robots_get_the_same_answer_and_nothing_is_sent(client, monkeypatch, fields):
    monkeypatch.setattr(forms, "SHORTEST", 30)  # so that a busy machine is not as slow as somebody who writes
    honest, robot = write(client), write(client, **fields)
    assert (robot.status_code, robot["Location"]) == (honest.status_code, honest["Location"])
    assert waiting() == 1


def test_one_network_sends_a_few_and_the_answer_stays_the_same(client):
    assert {write(client)["Location"] for _ in range(12)} == {SENT}
    assert waiting() == 5


@pytest.mark.parametrize("value", ["", "x", "2026"])
def test_a_form_with_another_time_than_its_own_asks_again_and_keeps_the_words(client, value):
    response = client.get(write(client, opened=value)["Location"])
    assert response.status_code == 422
    assert response.context["form"]["message"].value() == "Good day.\r\nA question."
    again = response.context["form"]["opened"].value()
    assert time.time() - signing.loads(again, salt=forms.FORM_SALT) < 60
    assert waiting() == 0


@pytest.mark.parametrize(
    "fields", [{"email": "x"}, {"message": ""}, {"message": "a" * 5001}, {"email": "a@b.example\nBcc: c@d.example"}]
)
def test_what_cannot_be_sent_is_said(client, fields):
    assert client.get(write(client, **fields)["Location"]).status_code == 422
    assert waiting() == 0


def test_the_end_of_a_line_counts_once_as_in_the_browser(client):
    assert write(client, message="a\r\n" * 2500).status_code == 302


def test_a_name_stays_in_one_line(client):
    write(client, name="Ana\r\nBcc: other@example.org")
    assert Item.objects.get(state=State.WAITING).secret["name"] == "Ana Bcc: other@example.org"


def test_another_site_cannot_make_visitors_write(client):
    assert client.post(WRITE, {"email": "a@b.example"}, headers={"Origin": "https://evil.example"}).status_code == 403


def test_without_an_address_there_is_no_form(client, coalition):
    SiteSettings.objects.update(contact_email="")
    assert client.get(WRITE).status_code == 404
