"""Nobody raises their own rights, and only a superuser makes an administrator, with a code, seen by all others."""

from typing import Any

import lxml.html
import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core import mail
from django.test import Client

from campaign.audit.models import Entry
from campaign.outbox.models import Item
from campaign.staff.accounts import address_verification
from campaign.staff.accounts.rights import ADMINISTRATOR
from campaign.staff.login import one_time_codes, second_factor
from campaign.staff.models import Authenticator
from tests.staff import phone
from tests.staff.desk import make_person
from tests.staff.test_rights import make_role, pk_of, save

pytestmark = pytest.mark.django_db
PASSWORD = "a long and good password"


@pytest.fixture
def chief() -> User:
    person = User.objects.create_superuser("chief", "chief@example.org", PASSWORD)
    address_verification.mark_verified(person)
    return person


@pytest.fixture
def secret(chief: User) -> str:
    made = one_time_codes.new_secret()
    second_factor.set_up_factor(chief, secret=made, step=-1, is_change=False)
    return made


@pytest.fixture
def code_of_the_login(secret: str) -> str:
    """Noted, since half a minute later the phone shows another."""
    return phone.code(secret)


@pytest.fixture
def desk(client: Client, chief: User, code_of_the_login: str, settings: Any) -> Client:
    """The chief's, logged in with both factors."""
    settings.STAFF_SECOND_FACTOR = True
    client.post("/admin/login/", {"username": "chief", "password": PASSWORD})
    client.post("/admin/second-factor/", {"code": code_of_the_login})
    return client


@pytest.fixture
def other() -> User:
    return make_person("other", "view_user")


def role() -> Group:
    return Group.objects.get(name=ADMINISTRATOR)


GRANTS: dict[str, Any] = {"superuser status": {"is_superuser": "on"}, "the role": {"groups": "the role"}}


@pytest.fixture(params=GRANTS)
def grant(request: pytest.FixtureRequest) -> dict[str, object]:
    return {name: [role().pk] if name == "groups" else value for name, value in GRANTS[request.param].items()}


def is_administrator(person: User) -> bool:
    now = User.objects.get(pk=person.pk)
    return now.is_superuser or now.groups.filter(name=ADMINISTRATOR).exists()


def told() -> set[str]:
    return {item.secret["address"] for item in Item.objects.filter(kind="staff.administrator-made")}


def test_an_administrator_is_not_made_without_a_code(desk, other, grant):
    assert save(desk, other, **grant) == 200
    assert not is_administrator(other)
    assert not told()


def test_a_wrong_code_makes_no_administrator_and_is_noted(desk, other, grant):
    assert save(desk, other, **grant, code="000000") == 200
    assert not is_administrator(other)
    assert Entry.objects.filter(act="second-factor.refused", who="chief").exists()


def test_the_code_of_the_login_makes_no_administrator(desk, other, code_of_the_login, grant):
    assert save(desk, other, **grant, code=code_of_the_login) == 200
    assert not is_administrator(other)


def test_codes_cannot_be_tried_by_the_thousand_here_either(desk, other, secret):
    for _ in range(20):
        save(desk, other, is_superuser="on", code="000000")
    Authenticator.objects.update(throttling_failure_count=0)
    save(desk, other, is_superuser="on", code=phone.code(secret, steps=1))
    assert not is_administrator(other)


def test_a_fresh_code_makes_an_administrator_of_whom_all_others_are_told(desk, chief, other, secret, grant):
    address_verification.mark_verified(User.objects.create_superuser("second", "second@example.org"))
    make_person("third").groups.add(role())
    make_person("editor", "change_page")
    assert save(desk, other, **grant, code=phone.code(secret, steps=1)) == 302
    assert is_administrator(other)
    assert told() == {"second@example.org", "third@example.org", "other@example.org"}
    entry = Entry.objects.get(act="administrator.made")
    assert (entry.who, entry.on) == ("chief", f"auth.user {other.pk}")


def test_the_mail_names_who_did_it_and_for_whom(desk, other, secret, outbox_drained):
    save(desk, other, is_superuser="on", code=phone.code(secret, steps=1))
    outbox_drained()
    (message,) = [each for each in mail.outbox if each.to == ["other@example.org"]]
    assert message.subject == "This site has a new administrator"
    assert "chief made the account other an administrator" in message.body


def test_an_account_that_is_an_administrators_is_not_activated_without_a_code(desk, other, secret):
    User.objects.filter(pk=other.pk).update(is_superuser=True, is_active=False)
    assert save(desk, other, is_superuser="on") == 200
    assert not User.objects.get(pk=other.pk).is_active
    assert save(desk, other, is_superuser="on", code=phone.code(secret, steps=1)) == 302
    assert User.objects.get(pk=other.pk).is_active


def test_what_makes_no_administrator_takes_no_code(desk, other):
    auditors = Group.objects.get(name="Auditor")
    assert save(desk, other, groups=[auditors.pk]) == 302
    assert list(other.groups.all()) == [auditors]
    assert not told()


def test_where_no_second_factor_is_asked_for_others_are_told_all_the_same(client, chief, other):
    address_verification.mark_verified(User.objects.create_superuser("second", "second@example.org"))
    client.force_login(chief)
    assert save(client, other, is_superuser="on") == 302
    assert is_administrator(other)
    assert "second@example.org" in told()


@pytest.fixture
def deputy(client: Client) -> User:
    """With the role Administrator, and no superuser; logged in."""
    person = make_person("deputy")
    person.groups.add(role())
    client.force_login(person)
    return person


def test_who_has_the_role_administrator_does_not_give_it(client, deputy, other, grant):
    save(client, other, **grant)
    assert not is_administrator(other)


def test_who_has_the_role_administrator_does_not_activate_another_of_it(client, deputy, other):
    other.groups.add(role())
    User.objects.filter(pk=other.pk).update(is_active=False)
    save(client, other)
    assert not User.objects.get(pk=other.pk).is_active


def test_a_role_that_is_not_offered_is_not_lost(client, deputy, other):
    other.groups.add(role())
    assert save(client, other, email="new@example.org") == 302
    assert User.objects.get(pk=other.pk).email == "new@example.org"
    assert is_administrator(other)


def test_the_role_administrator_is_not_changed_by_those_who_have_it(client, deputy):
    assert client.post(f"/admin/auth/group/{role().pk}/change/", {"name": "Others"}).status_code == 403


def rights_of(person: User) -> tuple[object, ...]:
    now = User.objects.get(pk=person.pk)
    roles, permissions = (set(every.values_list("pk", flat=True)) for every in (now.groups, now.user_permissions))
    return now.is_active, now.is_staff, now.is_superuser, roles, permissions


FORGED: list[dict[str, Any]] = [
    {"is_active": ""},
    {"is_staff": ""},
    {"is_superuser": "on"},
    {"is_superuser": ""},
    {"groups": "the role"},
    {"groups": "a role"},
    {"user_permissions": "a permission"},
]


@pytest.mark.parametrize("who", ["chief", "clerk"])
@pytest.mark.parametrize("forged", FORGED, ids=str)
def test_nobody_changes_their_own_rights(client, chief, who, forged):
    clerk = make_person("clerk", "change_user", "view_user", "view_group", "add_user")
    own = chief if who == "chief" else clerk
    own.groups.add(make_role("Clerks", "view_user"))
    a_role = make_role("Viewers", "view_user")
    values = {"the role": [role().pk], "a role": [a_role.pk], "a permission": [pk_of("view_user")]}
    before = rights_of(own)
    client.force_login(own)
    save(client, own, **{name: values.get(value, value) for name, value in forged.items()})
    assert rights_of(own) == before


@pytest.mark.parametrize("field", ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"])
def test_ones_own_rights_are_shown_and_not_offered(client, chief, field):
    client.force_login(chief)
    document: Any = lxml.html.document_fromstring(
        client.get(f"/admin/auth/user/{chief.pk}/change/?everything=1").content
    )
    assert document.xpath(f'//div[contains(@class, "field-{field}")]')
    assert not document.xpath(f'//*[@name="{field}"]')


def test_nobody_deletes_their_own_account(client, chief):
    client.force_login(chief)
    assert client.post(f"/admin/auth/user/{chief.pk}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=chief.pk).exists()


def test_ones_own_permissions_are_shown_in_a_constant_number_of_queries(client, chief, django_assert_max_num_queries):
    client.force_login(chief)
    numbers = []
    for permissions in (Permission.objects.filter(codename="view_user"), Permission.objects.all()):
        chief.user_permissions.set(permissions)
        with django_assert_max_num_queries(100) as counted:
            client.get(f"/admin/auth/user/{chief.pk}/change/?everything=1")
        numbers.append(len(counted))
    assert numbers[0] == numbers[1]
