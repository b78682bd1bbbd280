"""Nobody grants what they do not have (campaign/staff/accounts/rights.py)."""

from typing import Any

import lxml.html
import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client

from backoffice import roles
from campaign.staff.login import one_time_codes, second_factor
from campaign.staff.models import Authenticator
from tests.pages.factories import make_staff
from tests.staff.desk import make_person

pytestmark = pytest.mark.django_db
OWN = [f"{act}_{model}" for act in ("add", "change", "delete", "view") for model in ("user", "group", "authenticator")]
NEW = "another long and good password"
MARKED = {"action": "delete_selected", "post": "yes"}


@pytest.fixture
def clerk() -> User:
    """May change accounts, roles and second factors, and nothing else."""
    return make_person("clerk", *OWN)


@pytest.fixture
def desk(client: Client, clerk: User) -> Client:
    client.force_login(clerk)
    return client


def make_role(name: str, *permissions: str) -> Group:
    role = Group.objects.create(name=name)
    role.permissions.set(Permission.objects.filter(codename__in=permissions))
    return role


def pk_of(codename: str) -> int:
    return Permission.objects.get(codename=codename).pk


def save(desk: Client, person: User, **values: object) -> int:
    """Post the account's form as it stands, with other `values`; the answer's status.

    A superuser's is the one with everything in it; the parameter shows it to nobody else.
    """
    kept = {"username": person.username, "email": person.email, "is_active": "on", "is_staff": "on"}
    kept |= {"date_joined_0": "2026-11-01", "date_joined_1": "12:00:00"}
    own = person.user_permissions.values_list("pk", flat=True)
    return desk.post(
        f"/admin/auth/user/{person.pk}/change/?everything=1", {**kept, "user_permissions": list(own), **values}
    ).status_code


def offered(desk: Client, person: User, name: str) -> set[str]:
    page = desk.get(f"/admin/auth/user/{person.pk}/change/?everything=1")
    document: Any = lxml.html.document_fromstring(page.content)
    return set(document.xpath(f'//select[@name="{name}"]/option/@value | //input[@name="{name}"]/@value'))


def permissions_now(person: User) -> set[str]:
    return User.objects.get(pk=person.pk).get_all_permissions()


def test_nobody_makes_themselves_a_superuser(desk, clerk):
    save(desk, clerk, is_superuser="on")
    assert not User.objects.get(pk=clerk.pk).is_superuser


def test_a_superuser_makes_a_superuser(client, clerk):
    client.force_login(make_staff())
    save(client, clerk, is_superuser="on")
    assert User.objects.get(pk=clerk.pk).is_superuser


def test_nobody_gives_themselves_a_permission_that_they_do_not_have(desk, clerk):
    before = permissions_now(clerk)
    assert save(desk, clerk, user_permissions=[pk_of("export_signatures")]) == 302
    assert permissions_now(clerk) == before


def test_nobody_gives_a_role_that_can_do_more_than_they_can(desk, clerk):
    other = make_person("other")
    assert save(desk, other, groups=[Group.objects.get(name="Administrator").pk]) == 200
    assert not User.objects.get(pk=other.pk).groups.exists()


def test_what_one_has_can_be_given(desk):
    other, clerks = make_person("other"), make_role("Clerks", "view_user")
    assert save(desk, other, groups=[clerks.pk]) == 302
    assert permissions_now(other) == {"auth.view_user"}


def test_single_permissions_are_a_superusers_to_give(client, desk):
    other = make_person("other")
    save(desk, other, user_permissions=[pk_of("view_group")])
    assert permissions_now(other) == set()
    client.force_login(make_staff())
    assert save(client, other, user_permissions=[pk_of("view_group")]) == 302
    assert permissions_now(other) == {"auth.view_group"}


def test_the_form_offers_what_one_has(desk):
    other, clerks = make_person("other"), make_role("Clerks", "view_user")
    assert offered(desk, other, "groups") == {str(clerks.pk)}
    for raw in ("user_permissions", "is_staff", "is_superuser", "is_active"):
        assert offered(desk, other, raw) == set()


def test_the_form_shows_roles_as_cards_with_a_sentence_each(client):
    client.force_login(make_staff())
    page = client.get(f"/admin/auth/user/{make_person('other').pk}/change/").content.decode()
    document: Any = lxml.html.document_fromstring(page)
    cards = [card.text_content() for card in document.xpath('//input[@name="groups"]/../span[@class="card"]')]
    assert cards[:6] == [f"{name} {sentence}" for name, sentence in roles.SENTENCES.items()]
    assert not document.xpath('//*[@name="user_permissions" or @name="is_staff" or @name="is_superuser"]')
    assert document.xpath('//a[@href="?everything=1"]')


@pytest.fixture(params=["superuser", "with a permission", "with a role", "not active"])
def stronger(request: pytest.FixtureRequest) -> User:
    """Somebody with more rights than the clerk."""
    if request.param == "superuser":
        return make_staff()
    person = make_person("stronger")
    if request.param == "with a permission":
        person.user_permissions.add(pk_of("export_signatures"))
    else:
        person.groups.add(Group.objects.get(name="Auditor"))
    if request.param == "not active":
        User.objects.filter(pk=person.pk).update(is_active=False)
    return User.objects.get(pk=person.pk)


def test_the_password_of_somebody_with_more_rights_is_not_set(desk, stronger):
    new = {"password1": NEW, "password2": NEW, "usable_password": "true"}
    assert desk.post(f"/admin/auth/user/{stronger.pk}/password/", new).status_code == 403
    assert not User.objects.get(pk=stronger.pk).check_password(NEW)


def test_the_account_of_somebody_with_more_rights_is_not_changed(desk, stronger):
    """Neither the address, nor whether it is active."""
    assert save(desk, stronger, email="clerk@example.org", is_active="") == 403
    now = User.objects.get(pk=stronger.pk)
    assert (now.email, now.is_active) == (stronger.email, stronger.is_active)


def test_the_account_of_somebody_with_more_rights_is_shown_and_not_offered_for_change(desk, stronger):
    page = desk.get(f"/admin/auth/user/{stronger.pk}/change/")
    assert page.status_code == 200
    assert b'name="_save"' not in page.content


@pytest.mark.parametrize("page", ["/admin/auth/user/{}/delete/", "/admin/auth/user/"])
def test_the_account_of_somebody_with_more_rights_is_not_deleted(desk, stronger, page):
    assert desk.post(page.format(stronger.pk), {**MARKED, "_selected_action": [stronger.pk]}).status_code == 403
    assert User.objects.filter(pk=stronger.pk).exists()


@pytest.mark.parametrize("page", ["/admin/staff/authenticator/{}/delete/", "/admin/staff/authenticator/"])
def test_the_second_factor_of_somebody_with_more_rights_is_not_reset(desk, stronger, page):
    factor = second_factor.set_up_factor(stronger, secret=one_time_codes.new_secret(), step=0, is_change=False)
    assert factor
    assert desk.post(page.format(factor.pk), {**MARKED, "_selected_action": [factor.pk]}).status_code == 403
    assert Authenticator.objects.filter(pk=factor.pk).exists()


def test_an_equal_is_managed(desk):
    equal = make_person("equal", *OWN)
    assert save(desk, equal, email="new@example.org") == 302
    new = {"password1": NEW, "password2": NEW, "usable_password": "true"}
    desk.post(f"/admin/auth/user/{equal.pk}/password/", new)
    now = User.objects.get(pk=equal.pk)
    assert (now.email, now.check_password(NEW)) == ("new@example.org", True)


def test_a_role_does_not_get_what_one_does_not_have(desk, clerk):
    clerks = make_role("Clerks", "view_user")
    clerk.groups.add(clerks)
    page = f"/admin/auth/group/{clerks.pk}/change/"
    assert desk.post(page, {"name": "Clerks", "permissions": [pk_of("export_signatures")]}).status_code == 200
    assert desk.post("/admin/auth/group/add/", {"name": "X", "permissions": [pk_of("add_page")]}).status_code == 200
    assert permissions_now(clerk) == {f"auth.{name}" for name in OWN if "authenticator" not in name} | {
        f"staff.{name}" for name in OWN if "authenticator" in name
    }


@pytest.mark.parametrize("page", ["{}/change/", "{}/delete/", ""])
def test_a_role_that_can_do_more_is_neither_changed_nor_deleted(desk, page):
    role = Group.objects.get(name="Auditor")
    values = {"name": "Nobody", "permissions": [], **MARKED, "_selected_action": [role.pk]}
    assert desk.post(f"/admin/auth/group/{page.format(role.pk)}", values).status_code == 403
    assert Group.objects.get(pk=role.pk).permissions.exists()


def test_when_an_account_was_made_and_its_name_stay(client, clerk):
    client.force_login(make_staff())
    made = {"date_joined_0": "2001-01-01", "date_joined_1": "00:00:00", "last_login_0": "", "last_login_1": ""}
    save(client, clerk, username="somebody", **made)
    now = User.objects.get(pk=clerk.pk)
    assert (now.username, now.date_joined) == ("clerk", clerk.date_joined)
