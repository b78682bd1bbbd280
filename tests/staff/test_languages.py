"""Each member of staff reads the admin, and mail of the site, in a language of their own."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from campaign.staff.languages.choice import language_of_address
from campaign.staff.mail.staff_mail import staff_mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(admin_client: Client) -> Client:
    return admin_client


def page(client: Client, name: str = "admin:petitions_petition_changelist", **headers: str) -> str:
    return client.get(reverse(name), headers=headers).content.decode()


def choose(client: Client, code: str, **data: str) -> object:
    return client.post(reverse("admin:language"), {"language": code, **data})


def test_english_until_the_browser_or_the_person_says_otherwise(desk: Client) -> None:
    assert '<html lang="en"' in page(desk)
    assert '<html lang="de"' in page(desk, accept_language="es, de-AT;q=0.9, fr;q=0.8")
    choose(desk, "fr")
    shown = desk.get(reverse("admin:petitions_petition_changelist"), headers={"accept-language": "de"})
    assert '<html lang="fr"' in shown.content.decode()
    assert shown.headers["Content-Language"] == "fr"


def test_what_was_chosen_is_known_at_the_next_login(desk: Client, admin_user: User) -> None:
    choose(desk, "zh-hant")
    admin_user.set_password("four words by chance")
    admin_user.save()
    later = Client()
    later.post(reverse("admin:login"), {"username": admin_user.username, "password": "four words by chance"})
    assert '<html lang="zh-hant"' in page(later)


def test_a_language_that_the_admin_does_not_speak_is_not_taken(desk: Client) -> None:
    assert choose(desk, "xx").status_code == 200  # type: ignore[attr-defined]
    assert choose(desk, "vi").status_code == 200  # type: ignore[attr-defined]
    assert '<html lang="en"' in page(desk)


def test_choosing_leads_back_and_never_elsewhere(desk: Client) -> None:
    assert choose(desk, "de", next="/admin/pages/page/").headers["Location"] == "/admin/pages/page/"  # type: ignore[attr-defined]
    assert choose(desk, "de", next="https://elsewhere.example/").headers["Location"] == "/admin/"  # type: ignore[attr-defined]


def test_mail_to_staff_follows_whoever_it_goes_to(desk: Client, admin_user: User) -> None:
    choose(desk, "ja")
    assert language_of_address(admin_user.email.upper()) == "ja"
    assert staff_mail("staff/night", to=admin_user.email).language == "ja"
    assert language_of_address("nobody@example.org") == "en"
