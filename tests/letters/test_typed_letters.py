"""What is done to a letter as it was typed, and what is not: length, closing, ZIP code, dates."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from letters.models import Delivery, Letter
from letters.submission import workflow
from tests.letters.factories import make_campaign, make_confirmed, make_office
from tests.letters.pages import form_of, press, preview, write

pytestmark = pytest.mark.django_db
BODY = "Dear Senator Heinrich,\n\nplease act."


def sent(client: Client) -> str:
    body: str = Letter.objects.get().content["body"]
    return body


@pytest.mark.parametrize("closing", ["Sincerely,\nAna Núñez", "Yours truly", "With kind regards,\n\nAna"])
def test_a_closing_that_was_typed_does_not_stand_twice(client, closing):
    make_campaign(), make_office()
    page = preview(client, text_H001046=f"{BODY}\n\n{closing}")
    press(client, form_of(page, "submit"))
    assert sent(client) == BODY
    assert Letter.objects.get().message.text.count("Sincerely") == 1


def test_a_letter_is_measured_with_the_reasons_in_it_and_never_cut_by_the_browser(client):
    make_campaign(), make_office()
    shown = write(client).content.decode()
    assert not re.search(r'(?:<textarea|name="reason_1")[^>]*maxlength', shown)
    assert 'data-limit="10000"' in shown
    long = BODY + "\n\n" + "x" * (9_990 - len(BODY))
    assert preview(client, text_H001046=long).status_code == 200
    page = preview(client, text_H001046=long, reason_1="I am a nurse in Santa Fe")
    assert page.status_code == 422
    assert long in page.content.decode()
    assert re.search(r"at most 10,?000 characters \(it has 10,?019\)", page.content.decode())


@pytest.mark.parametrize("spelling", ["875011234", "87501 1234", "87501–1234"])
def test_a_zip_of_nine_digits_can_be_spelt_in_any_way(client, spelling):
    make_campaign(), make_office()
    assert "Santa Fe, NM 87501-1234" in preview(client, zip=spelling).content.decode()


def test_until_when_a_letter_can_be_taken_back_is_told(client, settings):
    settings.LETTER_WITHDRAWAL_MINUTES = 15
    constituent = make_confirmed(make_campaign(), [make_office()])
    where = f"/letters/track/{workflow.track_token(constituent)}/"
    assert "You can withdraw it until" in client.get(where).content.decode()
    Delivery.objects.update(ready_at=timezone.now() - timedelta(minutes=16))
    shown = client.get(where).content.decode()
    assert "You can withdraw it until" not in shown
    assert "Withdraw this letter" in shown
