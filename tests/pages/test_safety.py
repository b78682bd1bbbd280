"""For people at risk: what is said to them, the way out, and the way in over Tor."""

import pytest
from django.test import Client

from petitions.signing.forms import AloudForm
from tests.letters.factories import make_campaign
from tests.petitions.factories import make_petition

pytestmark = pytest.mark.django_db
ONION = f"http://{'a2' * 28}.onion"


def test_every_form_leads_to_what_is_stored(client: Client) -> None:
    addresses = [
        make_petition().get_absolute_url(),
        make_campaign().get_absolute_url(),
        "/petitions/mine/",
        "/newsletter/",
    ]
    for address in addresses:
        assert 'href="/safety/"' in client.get(address).content.decode().split("<footer", maxsplit=1)[0], address
    assert client.get("/safety/").status_code == 200


def test_it_is_said_what_becomes_of_a_reason_as_the_form_says_it_that_asks_for_one(client: Client) -> None:
    form = client.get(make_petition(asks_why=True).get_absolute_url()).content.decode()
    said = str(AloudForm.base_fields["is_public"].help_text)
    assert said in form
    assert said in client.get("/safety/").content.decode()


def test_the_way_out_is_a_plain_link_that_tells_nothing(client: Client) -> None:
    page = client.get("/safety/")
    assert 'href="https://www.bing.com/"\n   rel="noreferrer nofollow"' in page.content.decode()
    assert page["Referrer-Policy"] == "same-origin"


def test_public_pages_name_their_onion_address(client: Client, settings) -> None:
    assert "Onion-Location" not in client.get("/safety/")
    settings.ONION_URL, settings.ALLOWED_HOSTS = ONION, ["*"]
    page = client.get("/news/?page=1")
    assert page["Onion-Location"] == f"{ONION}/news/?page=1"
    assert ONION in client.get("/safety/").content.decode()
    there = client.get("/safety/", headers={"Host": ONION.removeprefix("http://")})
    assert "Onion-Location" not in there
    assert "Onion-Location" not in client.get("/petitions/confirm/secret/")


def test_a_form_can_be_sent_from_the_onion_address(client: Client, settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    host = ONION.removeprefix("http://")
    answer = client.post("/newsletter/", {"email": "not an address"}, headers={"Host": host, "Origin": ONION})
    assert answer.status_code == 303
