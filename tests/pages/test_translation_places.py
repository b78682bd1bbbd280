"""Translators see each screen and mail in its place, in their language."""

import pytest
from django.test import Client
from django.urls import reverse

from pages.translation import places
from tests.pages.factories import make_staff
from tests.pages.test_roles import member
from tests.petitions.factories import make_petition

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(make_staff())
    return client


def test_every_screen_is_in_the_language_that_was_chosen(client):
    make_petition()
    answers = {path: client.get(path) for path in places.screens("ar")}
    assert [path for path, answer in answers.items() if '<html lang="ar" dir="rtl">' not in answer.text] == []


def test_every_mail_to_the_public_is_shown_with_its_subject(desk):
    page = desk.get(reverse("admin:translations_places") + "?language=de").text
    assert "Bestätigen Sie Ihre Unterschrift: Act now to end it" in page
    assert page.count("<iframe sandbox") == len(places.PUBLIC) + 2  # two of them are sent again as reminders


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
