"""Staff's login (campaign/protection/limits/login_throttle.py)."""

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

pytestmark = pytest.mark.django_db
LOGIN = "/admin/login/"
RIGHT = {"username": "mo", "password": "a long and good password"}


@pytest.fixture(autouse=True)
def mo(db: None) -> User:
    return User.objects.create_user(**RIGHT, is_staff=True)


def attempt(client: Client, network: int, **changes: str) -> int:
    return client.post(LOGIN, {**RIGHT, **changes}, REMOTE_ADDR=f"192.0.{network}.7").status_code


def test_after_twenty_tries_from_one_network_even_the_right_password_must_wait(client: Client) -> None:
    for number in range(20):
        assert attempt(client, 2, username=f"somebody{number}", password="guess") == 200
    assert attempt(client, 2) == 200
    assert b"Too many tries" in client.post(LOGIN, RIGHT, REMOTE_ADDR="192.0.2.8").content
    assert attempt(client, 3) == 302


def test_one_name_cannot_be_tried_from_everywhere(client: Client) -> None:
    for number in range(40):
        attempt(client, number, username="MO", password="guess")
    assert attempt(client, 200) == 200


def test_a_login_succeeds(client: Client) -> None:
    assert attempt(client, 2) == 302


def test_a_session_ends_with_the_browser_and_within_a_working_day(client: Client) -> None:
    attempt(client, 2)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["max-age"], cookie["expires"], cookie["httponly"]) == ("", "", True)
    assert client.session.get_expiry_age() <= 8 * 3600
