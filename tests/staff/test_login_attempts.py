"""Who tries passwords shuts nobody out and is seen; a login from another device is told to its owner."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection
from django.db.models import F
from django.test import Client
from django.urls import reverse

from campaign.audit.models import Entry
from campaign.database import clock
from campaign.staff.login import failed_logins, known_devices, one_time_codes, second_factor
from campaign.staff.models import Authenticator, FailedLogins
from campaign.staff.tasks import note_failed_logins
from tests.staff import phone

pytestmark = pytest.mark.django_db
LOGIN, ASK = "/admin/login/", "/admin/second-factor/"
RIGHT = {"username": "mo", "password": "a long and good password"}


@pytest.fixture(autouse=True)
def mo(settings: Any) -> User:
    settings.STAFF_SECOND_FACTOR = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # hundreds of passwords are tried
    return User.objects.create_superuser(**RIGHT, email="mo@example.org")


@pytest.fixture
def secret(mo: User) -> str:
    made = one_time_codes.new_secret()
    second_factor.set_up_factor(mo, secret=made, step=-1, is_change=False)
    return made


@pytest.fixture
def device(client: Client, secret: str) -> Client:
    """One with which mo has logged in, and logged out again."""
    client.post(LOGIN, RIGHT)
    client.post(ASK, {"code": phone.code(secret)})
    client.post("/admin/logout/")
    return client


def try_passwords(number: int, **changes: str) -> None:
    """Of a stranger, from as many networks as it takes."""
    stranger = Client()
    for tried in range(number):
        stranger.post(LOGIN, {**RIGHT, "password": f"guess {tried}", **changes}, REMOTE_ADDR=f"192.0.{tried}.7")


def entries() -> list[tuple[str, str, str, dict[str, object]]]:
    rows = Entry.objects.filter(on="login").order_by("pk")
    return [(entry.act, entry.who, entry.on, entry.details) for entry in rows]


def ten_minutes_later() -> None:
    FailedLogins.objects.update(noted_at=F("noted_at") - timedelta(minutes=10, seconds=1))


def test_a_strangers_passwords_do_not_shut_out_the_owner_on_a_known_device(device):
    try_passwords(48)
    assert device.post(LOGIN, RIGHT).status_code == 302
    assert Client().post(LOGIN, RIGHT, REMOTE_ADDR="198.51.100.7").status_code == 200


def test_a_known_device_is_known_for_its_owner_alone(device):
    User.objects.create_user("other", password=RIGHT["password"], is_staff=True)
    try_passwords(48, username="other")
    assert b"Too many tries" in device.post(LOGIN, {**RIGHT, "username": "other"}).content


@pytest.mark.parametrize("change", ["forged", "too old", "of another account"])
def test_a_cookie_that_is_not_good_makes_no_device_known(device, settings, monkeypatch, change):
    good = device.cookies[known_devices.COOKIE].value
    if change == "forged":
        device.cookies[known_devices.COOKIE] = good[:-1] + ("a" if good[-1] != "a" else "b")
    elif change == "too old":
        now = clock.now()
        monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=91))
    else:
        User.objects.filter(username="mo").update(username="then")
        User.objects.create_user("mo", password=RIGHT["password"], is_staff=True)
    try_passwords(48)
    assert b"Too many tries" in device.post(LOGIN, RIGHT).content


def test_a_known_device_has_the_limit_of_its_network_all_the_same(device):
    for tried in range(20):
        device.post(LOGIN, {**RIGHT, "password": f"guess {tried}"})
    assert b"Too many tries" in device.post(LOGIN, RIGHT).content


def test_the_cookie_is_for_the_admin_alone_and_for_ninety_days(device):
    cookie = device.cookies[known_devices.COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/admin/", True, "Lax")
    assert cookie["max-age"] == 90 * 24 * 3600


def test_the_password_alone_makes_no_device_known(client, secret):
    client.post(LOGIN, RIGHT)
    client.post(ASK, {"code": "000000"})
    assert known_devices.COOKIE not in client.cookies


def test_logins_that_succeed_do_not_use_up_the_limit_of_their_network(secret):
    for _ in range(25):
        assert Client().post(LOGIN, RIGHT).status_code == 302


def test_ten_colleagues_in_one_office_log_in_within_a_minute_after_a_mistyped_password_each():
    for number in range(10):
        User.objects.create_user(f"colleague{number}", password=RIGHT["password"], is_staff=True)
        name = {**RIGHT, "username": f"colleague{number}"}
        assert Client().post(LOGIN, {**name, "password": "mistyped"}).status_code == 200
        assert Client().post(LOGIN, name).status_code == 302


def test_logins_of_a_whole_office_at_once_succeed(transactional_db):
    for number in range(30):
        User.objects.create_user(f"colleague{number}", password=RIGHT["password"], is_staff=True)

    def log_in(number: int) -> int:
        try:
            return Client().post(LOGIN, {**RIGHT, "username": f"colleague{number}"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as office:
        assert set(office.map(log_in, range(30))) == {302}


def test_codes_that_are_right_do_not_use_up_the_limit_of_their_network(mo, secret):
    for _ in range(25):
        client = Client()
        client.force_login(mo)
        Authenticator.objects.update(last_step=-1)
        assert client.post(ASK, {"code": phone.code(secret)}).status_code == 302


def test_a_login_from_another_device_is_told_to_its_owner_once(device, secret, outbox_drained):
    Authenticator.objects.update(last_step=-1)
    device.post(LOGIN, RIGHT)
    device.post(ASK, {"code": phone.code(secret)})
    outbox_drained()
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["mo@example.org"], "A login to your staff account from a new device")
    assert not re.search(r"\d+\.\d+\.\d+\.\d+", str(message.body))


def test_where_no_code_is_asked_for_the_password_makes_a_device_known(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    client.post(LOGIN, RIGHT)
    assert client.cookies[known_devices.COOKIE].value


def test_failed_logins_are_in_the_audit_with_their_number_and_no_password():
    try_passwords(12)
    assert entries() == [("login.failed", "mo", "login", {"tries": 1})]
    ten_minutes_later()
    note_failed_logins()
    assert entries()[1:] == [("login.failed", "mo", "login", {"tries": 11})]
    assert "guess" not in str(entries())


def test_a_lock_out_is_in_the_audit_at_once():
    try_passwords(42)
    assert {entry[:2] for entry in entries()} == {("login.failed", "mo"), ("login.locked-out", "mo")}


def test_a_name_that_no_account_has_is_not_kept():
    for number in range(12):
        try_passwords(1, username=f"somebody{number}")
    assert entries() == [("login.failed", "", "login", {"tries": 1})]
    assert FailedLogins.objects.count() == 1


def test_the_dashboard_shows_many_failed_logins(device, secret):
    try_passwords(48)
    try_passwords(7, username="nobody")
    Authenticator.objects.update(last_step=-1)
    device.post(LOGIN, RIGHT)
    device.post(ASK, {"code": phone.code(secret)})
    shown = device.get(reverse("admin:index")).content.decode()
    assert re.search(r"48 failed logins for mo since \w", shown)
    assert "7 failed logins for names that no account has since" in shown
    assert device.get(reverse("admin:audit_entry_changelist") + "?on__exact=login").status_code == 200


def test_a_few_mistyped_passwords_are_not_on_the_dashboard():
    try_passwords(4)
    assert failed_logins.many() == []


def test_failures_of_more_than_a_day_ago_are_forgotten_once_noted():
    try_passwords(12)
    long_ago = {name: F(name) - timedelta(days=2) for name in ("since", "last_at", "noted_at")}
    FailedLogins.objects.update(**long_ago)
    assert failed_logins.many() == []
    try_passwords(1)
    assert FailedLogins.objects.get().number == 1
    FailedLogins.objects.update(**long_ago)
    note_failed_logins()
    assert not FailedLogins.objects.exists()
    assert sum(int(str(entry[3]["tries"])) for entry in entries()) == 13
