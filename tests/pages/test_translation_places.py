"""Translators see each screen and mail in its place, in their language."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from campaign.mail import examples
from pages.models import SiteSettings
from pages.translation import places
from tests.pages.factories import make_audience, make_letter_campaign, make_news_item, make_page, make_staff
from tests.pages.test_roles import member
from tests.petitions.factories import make_petition

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(make_staff())
    return client


def test_every_screen_is_in_the_language_that_was_chosen(client):
    SiteSettings.objects.create(name="A campaign", contact_email="contact@example.org")
    make_petition()
    make_letter_campaign(shows_board=True)
    written: list[Any] = [make_page(), make_audience(), make_news_item()]
    answers = {path: client.get(path) for path in places.screens("ar")}
    assert [path for path, answer in answers.items() if '<html lang="ar" dir="rtl">' not in answer.text] == []
    assert {f"/ar{one.get_absolute_url()}" for one in written} < answers.keys()
    assert "/ar/letters/resolution/answers/" in answers
    refused = {path: answer.status_code for path, answer in answers.items() if answer.status_code != 200}
    old = {path for path in answers if path.endswith("/unusable/") and "/not-me/" not in path}  # that tells nobody
    assert refused == dict.fromkeys({*old, "/ar/no-such-page/"}, 404)


@pytest.mark.parametrize("name", examples.MAILS)
def test_every_example_mail_shows_words_and_no_objects(name):
    assert "namespace(" not in examples.html_of(name, "en") + examples.text_of(name, "en")


def test_every_mail_to_the_public_is_shown_with_its_subject(desk):
    page = desk.get(reverse("admin:translations_places") + "?language=de").text
    assert "Bestätigen Sie Ihre Unterschrift: Act now to end it" in page
    assert page.count("<iframe sandbox") == len(places.PUBLIC) + 2  # two of them are sent again as reminders
    assert f"It was: &lt;{examples.URL}&gt;" in page


def test_a_mail_in_its_frame_can_do_nothing_and_be_framed_by_this_site_alone(desk):
    mail = next(places.mails("ar"))
    answer = desk.get(mail.frame)
    assert 'lang="ar" dir="rtl"' in answer.text
    assert answer.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
    )
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert desk.get(reverse("admin:translations_mail") + "?language=ar&mail=staff/night.html").status_code == 404


@pytest.mark.parametrize("name", places.VIEWS)
def test_only_who_may_change_pages_sees_them(client, name):
    client.force_login(member("Moderator"))
    assert client.get(reverse(f"admin:{name}") + f"?language=de&mail={places.PUBLIC[0]}").status_code == 403
