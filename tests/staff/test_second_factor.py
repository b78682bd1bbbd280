"""The second factor of staff: without it no page of the admin opens; no code opens it twice."""

import re
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from campaign.audit.models import Entry
from campaign.staff.login import one_time_codes, second_factor
from campaign.staff.models import Authenticator, RecoveryCodes
from tests.staff import phone

pytestmark = pytest.mark.django_db
ASK, SET_UP, RENEW = "/admin/second-factor/", "/admin/second-factor/set-up/", "/admin/second-factor/recovery-codes/"
PASSWORD = {"username": "mo", "password": "a long and good password"}
OPEN = {
    "login/",
    "logout/",
    "second-factor/",
    "second-factor/set-up/",
    "second-factor/recovery-codes/",
    "stop/1/",
    "address/1/",
    "invitation/1/",
}


@pytest.fixture(autouse=True)
def asked_for(settings) -> None:
    settings.STAFF_SECOND_FACTOR = True


@pytest.fixture
def mo() -> User:
    return User.objects.create_superuser(**PASSWORD)


@pytest.fixture
def half_way(mo: User, client: Client) -> Client:
    """With the password and no code."""
    assert client.post("/admin/login/", PASSWORD).status_code == 302
    return client


@pytest.fixture
def secret(mo: User) -> str:
    """Of a phone that was set up a while ago."""
    made = one_time_codes.new_secret()
    second_factor.set_up_factor(mo, secret=made, step=-1, is_change=False)
    return made


def shown(page: str) -> dict[str, str]:
    """What the page for setting up lets a person scan or type, and what its form carries."""
    typed = re.search(r'class="typed">([A-Z2-7 ]+)<', page)
    passage = re.search(r'name="passage" value="([^"]+)"', page)
    assert typed
    assert passage
    return {"secret": typed[1], "passage": passage[1]}


def recovery_codes_in(page: str) -> list[str]:
    return re.findall(r"<code>([a-z2-7 ]+)</code>", page)


def is_inside(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def acts() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("act", flat=True))


def addresses(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """Of every page below `resolver`, with 1 wherever one thing is named."""
    for pattern in resolver.url_patterns:
        where = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, where)
        elif isinstance(pattern, URLPattern):
            yield re.sub(r"<[^>]*>|\(\?P<.*", "1", where.replace("^", "").replace("$", ""))


def admin_addresses() -> list[str]:
    (admin,) = [each for each in get_resolver().url_patterns if str(each.pattern) == "admin/"]
    assert isinstance(admin, URLResolver)
    return sorted(set(addresses(admin)) - OPEN)


def test_with_the_password_alone_no_page_of_the_admin_opens(half_way):
    everywhere = admin_addresses()
    assert len(everywhere) > 200
    for path in everywhere:
        for answer in (half_way.get(f"/admin/{path}"), half_way.post(f"/admin/{path}")):
            assert answer.status_code == 302, path
            assert answer["Location"].startswith("/admin/login/?next="), path


def test_the_same_pages_are_there_with_a_code(half_way, secret):
    half_way.post(ASK, {"code": phone.code(secret)})
    assert all(half_way.get(f"/admin/{path}").status_code != 302 for path in ("", "auth/user/", "welcome/"))


def test_from_the_password_to_the_page_that_was_wanted(half_way, secret):
    asked = half_way.get("/admin/auth/user/", follow=True)
    assert asked.redirect_chain[-1][0] == f"{ASK}?next=%2Fadmin%2Fauth%2Fuser%2F"
    answer = half_way.post(ASK, {"code": phone.code(secret), "next": "/admin/auth/user/"})
    assert answer["Location"] == "/admin/auth/user/"
    assert half_way.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_a_code_leads_to_no_other_site(half_way, secret, elsewhere):
    assert half_way.post(ASK, {"code": phone.code(secret), "next": elsewhere})["Location"] == "/admin/"


def test_who_has_no_phone_yet_sets_one_up_and_gets_ten_codes_once(half_way):
    start = half_way.get("/admin/", follow=True)
    assert start.redirect_chain[-1][0] == SET_UP
    entry = shown(start.content.decode())
    assert not Authenticator.objects.exists()
    wrong = half_way.post(SET_UP, {"passage": entry["passage"], "new_code": "000000"}).content.decode()
    assert shown(wrong)["secret"] == entry["secret"]
    done = half_way.post(SET_UP, {"passage": entry["passage"], "new_code": phone.code(entry["secret"])})
    assert len(set(recovery_codes_in(done.content.decode()))) == 10
    assert "no-store" in done["Cache-Control"]
    assert is_inside(half_way)
    assert acts() == ["second-factor.added", "second-factor.recovery-codes-made"]


def test_the_session_has_another_key_after_the_code(half_way, secret):
    before = half_way.session.session_key
    half_way.post(ASK, {"code": phone.code(secret)})
    assert half_way.session.session_key != before


def with_session(key: str) -> Client:
    """Somebody else who knows the key of a session."""
    stranger = Client()
    stranger.cookies["sessionid"] = key
    return stranger


def test_a_session_that_was_planted_before_the_login_opens_nothing_afterwards(mo, secret):
    owner = with_session("planted0planted0planted0planted0")
    owner.post("/admin/login/", PASSWORD)
    half_way_key = owner.cookies["sessionid"].value
    owner.post(ASK, {"code": phone.code(secret)})
    assert is_inside(owner)
    assert not is_inside(with_session("planted0planted0planted0planted0"))
    assert not is_inside(with_session(half_way_key))
    assert is_inside(with_session(owner.cookies["sessionid"].value))  # which is what must not be stolen


def test_the_code_that_proved_the_phone_opens_nothing_afterwards(half_way):
    entry = shown(half_way.get(SET_UP).content.decode())
    used = phone.code(entry["secret"])
    half_way.post(SET_UP, {"passage": entry["passage"], "new_code": used})
    half_way.post("/admin/logout/")
    half_way.post("/admin/login/", PASSWORD)
    half_way.post(ASK, {"code": used})
    assert not is_inside(half_way)


def test_no_code_is_taken_twice_nor_one_from_before_it(mo, secret):
    before, now = phone.code(secret, steps=-1), phone.code(secret)
    assert second_factor.accept_code(mo, now)
    for used in (now, before):
        Authenticator.objects.update(throttling_failure_timestamp=None)
        assert second_factor.accept_code(mo, used) is None


@pytest.mark.parametrize("steps", [-3, 3])
def test_a_code_of_another_time_is_refused(mo, secret, steps):
    assert second_factor.accept_code(mo, phone.code(secret, steps=steps)) is None


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "\x00", "-00001", " " * 40])
def test_what_is_no_code_is_refused(half_way, secret, typed):
    assert half_way.post(ASK, {"code": typed}).status_code == 200
    assert not is_inside(half_way)


def test_after_wrong_codes_even_the_right_one_must_wait(mo, secret):
    for _ in range(5):
        second_factor.accept_code(mo, "000000")
        Authenticator.objects.update(throttling_failure_timestamp="2020-01-01T00:00Z")
    second_factor.accept_code(mo, "000000")
    assert second_factor.accept_code(mo, phone.code(secret)) is None
    phone_of_mo = Authenticator.objects.get()
    Authenticator.objects.update(
        throttling_failure_timestamp=phone_of_mo.throttling_failure_timestamp - timedelta(seconds=2**5)
    )
    assert second_factor.accept_code(mo, phone.code(secret))


def test_codes_cannot_be_tried_by_the_thousand_from_one_network(half_way, secret):
    for _ in range(20):
        half_way.post(ASK, {"code": "000000"})
    Authenticator.objects.update(throttling_failure_count=0)
    answer = half_way.post(ASK, {"code": phone.code(secret)})
    assert b"Too many tries" in answer.content
    assert not is_inside(half_way)


def test_a_recovery_code_opens_the_desk_once(half_way, mo, secret):
    first, second, *_ = second_factor.renew_recovery_codes(mo)
    assert half_way.post(ASK, {"code": first.upper().replace(" ", "-")}).status_code == 302
    assert b"9 recovery codes are left." in half_way.get("/admin/").content
    assert second_factor.accept_code(mo, first) is None
    RecoveryCodes.objects.update(throttling_failure_count=0)
    assert second_factor.accept_code(mo, second)
    entry = Entry.objects.filter(act="second-factor.recovery-code-used").last()
    assert entry
    assert (entry.who, entry.on, entry.details) == ("mo", f"auth.user {mo.pk}", {"left": 8})


def test_somebody_elses_code_is_refused(mo, secret):
    other = User.objects.create_user("other", is_staff=True)
    second_factor.set_up_factor(other, secret=one_time_codes.new_secret(), step=-1, is_change=False)
    recovery = second_factor.renew_recovery_codes(mo)[0]
    assert second_factor.accept_code(other, phone.code(secret)) is None
    assert second_factor.accept_code(other, recovery) is None


def test_a_phone_is_changed_with_a_code_of_the_present_one_and_never_without(half_way, mo, secret):
    entry = shown(half_way.get(SET_UP).content.decode())
    new = {"passage": entry["passage"], "new_code": phone.code(entry["secret"])}
    half_way.post(SET_UP, new)
    half_way.post(SET_UP, {**new, "code": new["new_code"]})
    assert Authenticator.objects.get().secret == secret
    Authenticator.objects.update(throttling_failure_count=0)
    old = RecoveryCodes.objects.filter(user=mo)
    assert not old.exists()
    half_way.post(SET_UP, {**new, "code": phone.code(secret)})
    assert Authenticator.objects.get().secret == entry["secret"].replace(" ", "")
    assert "second-factor.changed" in acts()


def test_a_phone_that_was_changed_ends_other_sessions(half_way, mo, secret):
    half_way.post(ASK, {"code": phone.code(secret)})
    second_factor.set_up_factor(mo, secret=one_time_codes.new_secret(), step=-1, is_change=True)
    assert not is_inside(half_way)


def test_the_secret_of_another_member_of_staff_cannot_be_set_up(half_way):
    stranger = Client()
    User.objects.create_user("stranger", password=PASSWORD["password"], is_staff=True)
    stranger.post("/admin/login/", {**PASSWORD, "username": "stranger"})
    entry = shown(stranger.get(SET_UP).content.decode())
    half_way.post(SET_UP, {"passage": entry["passage"], "new_code": phone.code(entry["secret"])})
    assert not Authenticator.objects.exists()


def test_two_who_set_up_at_once_do_not_both_succeed(mo):
    first = second_factor.set_up_factor(mo, secret=one_time_codes.new_secret(), step=0, is_change=False)
    assert first
    assert second_factor.set_up_factor(mo, secret=one_time_codes.new_secret(), step=0, is_change=False) is None
    assert Authenticator.objects.get() == first


def test_new_recovery_codes_take_a_code_and_end_the_old(half_way, mo, secret):
    old = second_factor.renew_recovery_codes(mo)
    assert recovery_codes_in(half_way.post(RENEW, {"code": "000000"}).content.decode()) == []
    Authenticator.objects.update(throttling_failure_count=0)
    made = recovery_codes_in(half_way.post(RENEW, {"code": phone.code(secret)}).content.decode())
    assert len(made) == 10
    assert second_factor.accept_code(mo, old[0]) is None


def test_a_stolen_table_opens_nothing(mo, secret):
    """Neither the secret nor a recovery code stands in it."""
    recovery = second_factor.renew_recovery_codes(mo)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a::text || r::text || encode(secret, 'escape') FROM staff_authenticator a, staff_recoverycodes r"
        )
        (stolen,) = cursor.fetchone()
    assert secret not in stolen
    assert not any(code.replace(" ", "") in stolen or code in stolen for code in recovery)


def test_an_administrator_resets_anothers_and_never_his_own(half_way, mo, secret):
    other = User.objects.create_user("other", is_staff=True)
    of_other = second_factor.set_up_factor(other, secret=one_time_codes.new_secret(), step=-1, is_change=False)
    assert of_other
    second_factor.renew_recovery_codes(other)
    half_way.post(ASK, {"code": phone.code(secret)})
    own = f"/admin/staff/authenticator/{mo.authenticator.pk}/delete/"
    assert half_way.post(own, {"post": "yes"}).status_code == 403
    both = {"action": "delete_selected", "_selected_action": [mo.authenticator.pk, of_other.pk], "post": "yes"}
    assert half_way.post("/admin/staff/authenticator/", both).status_code == 403
    assert half_way.post(f"/admin/staff/authenticator/{of_other.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not RecoveryCodes.objects.filter(user=other).exists()
    assert Authenticator.objects.get() == mo.authenticator
    entry = Entry.objects.filter(act="second-factor.reset").get()
    assert (entry.who, entry.on) == ("mo", f"auth.user {other.pk}")


def test_the_command_line_helps_who_lost_everything(mo, secret):
    call_command("reset_second_factor", "mo", stdout=StringIO())
    assert not second_factor.is_set_up(mo)
    assert Entry.objects.filter(act="second-factor.reset", who="").exists()
    with pytest.raises(CommandError, match="nobody"):
        call_command("reset_second_factor", "nobody")


def test_whoever_is_half_way_can_log_out(half_way):
    half_way.post("/admin/logout/")
    assert half_way.get("/admin/second-factor/")["Location"].startswith("/admin/login/")


def test_without_the_password_nothing_is_asked(client):
    assert all(client.get(path)["Location"].startswith("/admin/login/") for path in (ASK, SET_UP, RENEW))


def test_without_the_setting_the_password_is_enough(half_way, settings):
    settings.STAFF_SECOND_FACTOR = False
    assert is_inside(half_way)
