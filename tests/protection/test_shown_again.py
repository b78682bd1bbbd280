"""What was typed is shown again under an address that carries it (campaign/web/forms/shown_again.py)."""

import html
from typing import Any

import pytest
from django.test import Client

from campaign.outbox.models import Item
from campaign.secrecy import passages
from letters.models import Letter
from petitions.models import Signature
from tests.letters.factories import make_campaign, make_offices
from tests.letters.pages import form_of, press, preview, write
from tests.petitions.factories import make_petition

pytestmark = pytest.mark.django_db
PETITION = "/petitions/stop/"
TYPED = {"name": "Ana & Núñez", "email": "ana at example", "country": "FR", "updates": "on"}
OWN = "Dear Senator, my own words. " + "R&D <now> “O'Brien” 👩🏽‍⚕️ "


def refused(client: Client, **changes: str) -> Any:
    make_petition()
    return client.post(f"{PETITION}?sent", {**TYPED, **changes})


def test_a_refused_form_leads_to_an_address_that_shows_it_as_often_as_it_is_opened(client):
    answer = refused(client)
    address = answer["Location"]
    assert answer.status_code == 303
    assert address.startswith(f"{PETITION}?typed=")
    assert "Ana" not in address
    for _time in range(2):
        page = client.get(address)
        assert page.status_code == 422
        assert 'value="Ana &amp; Núñez"' in page.content.decode()
        assert 'value="ana at example"' in page.content.decode()
        assert page["Cache-Control"] == "no-store"
        assert not page.cookies


def test_nothing_is_stored_and_no_address_signs(client):
    make_petition()
    whole = {**TYPED, "email": "ana@example.org"}
    client.get(refused_address(client))
    passage = passages.in_url({name: [value] for name, value in whole.items()}, f"typed {PETITION}")
    page = client.get(PETITION, {"typed": passage})
    assert page.status_code == 200
    assert 'value="ana@example.org"' in page.content.decode()
    assert not Signature.objects.exists()
    assert not Item.objects.exists()


def refused_address(client: Client) -> str:
    return str(client.post(PETITION, TYPED)["Location"])


@pytest.mark.parametrize("words", ["Deutschlnd", "Congo", "ge", '"><b>'])
def test_what_was_typed_for_a_country_that_it_does_not_name_is_shown_again(client, words):
    page = client.get(refused(client, email="ana@example.org", country="", country_words=words)["Location"])
    assert page.status_code == 422
    assert f'data-typed="{html.escape(words)}"' in page.content.decode()
    assert "Choose a country from the list." in page.context["form"].errors["country"]


@pytest.mark.parametrize(
    ("sent", "country"),
    [
        ({"country": "", "country_words": " géorgie "}, "GE"),
        ({"country_words": "DE"}, "DE"),
        ({"country": "FR", "country_words": "Deutschland"}, "FR"),
    ],
)
def test_a_name_of_one_country_is_taken_where_nothing_was_chosen(client, sent, country):
    make_petition()
    client.post(PETITION, {"name": "Ana", "email": "ana@example.org", **sent})
    assert Signature.objects.get().country == country


def test_the_words_of_one_page_are_shown_on_no_other_and_to_nobody_whom_another_site_sends(client):
    address = refused(client)["Location"]
    make_petition("other")
    elsewhere = client.get(address.replace("/stop/", "/other/"))
    sent_here = client.get(address, headers={"sec-fetch-site": "cross-site"})
    for page in (elsewhere, sent_here, client.get(f"{PETITION}?typed=nothing")):
        assert page.status_code == 200
        assert "Núñez" not in page.content.decode()


def test_what_is_too_long_for_an_address_is_answered_at_once(client):
    answer = refused(client, name="".join(chr(0x4E00 + number) for number in range(8000)))
    assert answer.status_code == 422
    assert answer["Cache-Control"] == "no-store"
    assert 'value="ana at example"' in answer.content.decode()


@pytest.mark.parametrize("times", [1, 20, 150])
def test_letters_of_any_length_are_there_on_every_step(client, times):
    make_campaign(), make_offices()
    own = (OWN * times).strip() if times < 150 else "".join(chr(0x4E00 + number % 9000) for number in range(9000))
    page = preview(client, text_H001046=own)
    assert page.status_code == 200
    assert page["Cache-Control"] == "private, no-cache"
    back = client.post(form_of(page, "submit").elsewhere[0], form_of(page, "submit").fields, follow=True)
    assert html.unescape(form_of(back, "preview").fields["text_H001046"]) == own


def test_an_address_of_the_last_step_shows_the_letters_and_sends_none(client):
    make_campaign(), make_offices()
    form = form_of(preview(client), "submit")
    changed = press(client, form, seal="another")
    assert changed.status_code == 409
    passage = passages.in_url({name: [value] for name, value in form.fields.items()}, f"typed {form.action}")
    page = client.get(form.action, {"typed": passage})
    assert page.status_code == 200
    assert "This is exactly what will be sent" in page.content.decode()
    assert not Letter.objects.exists()


def test_a_step_whose_words_nobody_can_read_any_more_leads_to_the_first(client):
    make_campaign(), make_offices()
    write(client)
    assert client.get("/letters/support/letters/?typed=nothing")["Location"] == "/letters/support/"
