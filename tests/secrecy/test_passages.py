"""What a visitor typed, carried on by an address or a form."""

import base64
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models import F
from django.test import Client

from campaign.secrecy import passages
from campaign.secrecy.models import Period
from campaign.secrecy.periods import boxes, keys, rotation
from campaign.secrecy.periods.keys import Purpose
from tests.petitions.factories import make_petition

pytestmark = pytest.mark.django_db
ANA = {"email": "ana@example.org"}
TYPED = {"name": "Ana Test", "email": "ana@example.org", "country": "DE"}


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.KEY_FOLDER = tmp_path / "keys"
    Period.objects.all().delete()
    forget()
    yield settings.KEY_FOLDER
    forget()


def forget() -> None:
    """What a process remembers for a minute."""
    for remembered in (boxes.sealers, boxes.agreements, passages.currents):
        remembered.clear()


def pass_time(span: timedelta) -> None:
    Period.objects.update(**{name: F(name) - span for name in ("opened_at", "closed_at", "emptied_at")})
    forget()
    rotation.tend()


@pytest.mark.parametrize("carry", [passages.in_url, passages.in_form])
def test_a_passage_is_the_same_every_time_and_readable_only_for_its_purpose(carry):
    passage = carry(ANA, "signing")
    assert passage == carry(ANA, "signing")
    assert b"ana@" not in base64.urlsafe_b64decode(passage + "=" * (-len(passage) % 4))
    assert passages.read(passage, "signing") == ANA
    assert passages.read(passage, "letters") is None


def test_what_a_page_s_address_carries_opens_for_most_of_an_hour_and_then_with_no_key():
    passage = passages.in_url(ANA, "signing")
    pass_time(timedelta(minutes=15))
    pass_time(timedelta(minutes=30))
    assert passages.read(passage, "signing") == ANA
    for _tick in range(3):
        pass_time(timedelta(minutes=10))
    assert passages.read(passage, "signing") is None
    assert passages.read(passages.in_url(ANA, "signing"), "signing") == ANA


def test_a_mailed_link_works_for_two_days():
    passage = passages.in_url(ANA, "leaving", Purpose.LINK)
    pass_time(timedelta(hours=47))
    pass_time(timedelta(hours=1))
    assert passages.read(passage, "leaving") == ANA
    for _day in range(3):
        pass_time(timedelta(days=1))
    assert passages.read(passage, "leaving") is None


def test_the_page_after_signing_names_the_address_and_what_its_log_keeps_does_not(client: Client):
    make_petition()
    address = client.post("/petitions/stop/", TYPED)["Location"]
    page = client.get(address).content.decode()
    assert "ana@example.org" in page
    for _tick in range(4):
        pass_time(timedelta(minutes=20))
    later = client.get(address)
    assert later.status_code == 200
    assert "ana@example.org" not in later.content.decode()
    assert "sign again" in later.content.decode()


def test_the_forms_of_a_page_left_open_for_hours_still_work(client: Client):
    make_petition()
    page = client.get(client.post("/petitions/stop/", TYPED)["Location"])
    to = page.context["form"]["to"].value()
    for _tick in range(6):
        pass_time(timedelta(minutes=30))
    again = client.post("/petitions/stop/check-email/", {"to": to, "email": "ana@example.org"})
    assert again.status_code == 302
    assert "again=1" in again["Location"]


def test_what_one_petition_carries_opens_on_no_other(client: Client):
    make_petition()
    make_petition("other")
    address = client.post("/petitions/stop/", TYPED)["Location"]
    elsewhere = client.get(address.replace("/stop/", "/other/"))
    assert elsewhere.status_code == 200
    assert "ana@example.org" not in elsewhere.content.decode()


def test_signing_goes_on_while_no_key_can_be_read(client: Client, settings: Any, tmp_path: Path):
    make_petition()
    boxes.seal(b"", Purpose.SHORT)  # mail is sealed with what the process knows
    blocked = tmp_path / "blocked"
    blocked.write_text("no folder")
    settings.KEY_FOLDER = blocked / "keys"
    answer = client.post("/petitions/stop/", TYPED)
    assert answer.status_code == 302
    assert client.get(answer["Location"]).status_code == 200


def test_a_key_that_took_the_place_of_a_lost_one_is_used_at_once():
    """Each process looks only once a minute which key is in use."""
    passages.in_url(ANA, "page")
    keys.path_of(passages.currents[Purpose.PAGE].key_id).unlink()
    rotation.tend()
    assert passages.read(passages.in_url(ANA, "page"), "page") == ANA
