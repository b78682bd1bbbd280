"""One administrator alone does not take the signatures, with however many accounts (standing.py)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.core import mail
from django.utils import timezone

from campaign.audit.models import Entry
from campaign.outbox.models import Item
from campaign.staff.accounts import address_verification, former_contacts, standing
from campaign.staff.accounts.standing import NotSettled
from campaign.staff.dual_control import mails, workflow
from campaign.staff.invitations import workflow as invitations
from campaign.staff.login import one_time_codes, second_factor
from campaign.staff.models import Authenticator, FormerContact
from petitions.models import HandOver, Petition
from tests.petitions.factories import end_wait, make_handover, make_petition
from tests.staff.desk import at_the_desk, make_administrator

pytestmark = pytest.mark.django_db
NEW = {"password1": "another long password", "password2": "another long password", "usable_password": "true"}


@pytest.fixture
def mallory() -> User:
    return make_administrator("mallory")


@pytest.fixture
def bob() -> User:
    return make_administrator("bob")


@pytest.fixture
def petition() -> Petition:
    return make_petition()


def save(user: User, by: User, **changes: object) -> None:
    """Post the account's form as it stands, with `changes`."""
    values = {"username": user.username, "email": user.email, "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    answer = at_the_desk(by).post(f"/admin/auth/user/{user.pk}/change/?everything=1", {**values, **changes})
    assert answer.status_code == 302


def ask(petition: Petition, by: User) -> HandOver:
    at_the_desk(by).post("/admin/petitions/handover/add/", {"petition": petition.pk, "reason": "to Geneva"})
    return HandOver.objects.latest("pk")


def approve(handover: HandOver, by: User) -> str:
    """What the page says then."""
    page = f"/admin/petitions/handover/{handover.pk}/approve/"
    return at_the_desk(by).post(page, follow=True).content.decode()


def is_approved(handover: HandOver) -> bool:
    return HandOver.objects.filter(pk=handover.pk).exclude(approved_by=None).exists()


def told() -> set[str]:
    return {item.secret["address"] for item in Item.objects.filter(kind=mails.NOTICE)}


def test_two_whose_accounts_stood_untouched_hand_over(petition, mallory, bob):
    handover = ask(petition, mallory)
    page = at_the_desk(bob).get(handover.page).content.decode()
    assert page.index("to Geneva") < page.index('value="Approve"') < page.index("Requested by")
    approve(handover, bob)
    assert is_approved(handover)


@pytest.mark.parametrize("is_new_one_the_asker", [True, False])
def test_a_second_account_of_ones_own_is_no_second_person(petition, mallory, is_new_one_the_asker):
    administrators = Group.objects.get(name="Administrator")
    invited = invitations.invite(name="Second", address="second@example.org", role=administrators, by=mallory)
    second = invitations.accept(invited, person=User(username="second"))
    asker, other = (second, mallory) if is_new_one_the_asker else (mallory, second)
    handover = ask(petition, asker)
    assert "less than 7 days ago" in approve(handover, other)
    assert not is_approved(handover)


@pytest.mark.parametrize(("days", "is_enough"), [(6, False), (8, True)])
def test_an_account_counts_after_seven_days(petition, mallory, days, is_enough):
    handover = ask(petition, mallory)
    approve(handover, make_administrator("second", days=days))
    assert is_approved(handover) == is_enough


def set_password(bob: User, mallory: User) -> None:
    at_the_desk(mallory).post(f"/admin/auth/user/{bob.pk}/password/", NEW)


def change_address(bob: User, mallory: User) -> None:
    save(bob, mallory, email="mallory@example.org")


def change_and_verify_address(bob: User, mallory: User) -> None:
    save(bob, mallory, email="mallory.too@example.org")
    address_verification.mark_verified(User.objects.get(pk=bob.pk))


def give_role(bob: User, mallory: User) -> None:
    User.objects.filter(pk=bob.pk).update(is_superuser=False)
    save(bob, mallory, is_superuser="", groups=[Group.objects.get(name="Administrator").pk])


def widen_role(bob: User, mallory: User) -> None:
    clerks = Group.objects.create(name="Clerks")
    bob.groups.add(clerks)
    User.objects.filter(pk=bob.pk).update(is_superuser=False)
    permission = Permission.objects.get(codename="export_signatures")
    at_the_desk(mallory).post(
        f"/admin/auth/group/{clerks.pk}/change/", {"name": "Clerks", "permissions": [permission.pk]}
    )


def activate(bob: User, mallory: User) -> None:
    User.objects.filter(pk=bob.pk).update(is_active=False)
    save(bob, mallory)


@pytest.mark.parametrize("touch", [set_password, change_and_verify_address, give_role, widen_role, activate])
def test_an_account_that_was_touched_is_no_second_person(petition, mallory, bob, touch: Callable[[User, User], None]):
    touch(bob, mallory)
    handover = ask(petition, mallory)
    assert "less than 7 days ago" in approve(handover, bob)
    assert not is_approved(handover)


def test_what_was_touched_longer_ago_counts(petition, mallory, bob):
    changed = timezone.now() - timedelta(days=8)
    Entry.objects.create(who="mallory", act="user.changed", on=f"auth.user {bob.pk}", at=changed)
    handover = ask(petition, mallory)
    approve(handover, bob)
    assert is_approved(handover)


def make_factor(user: User, *, days: int) -> None:
    factor = second_factor.set_up_factor(user, secret=one_time_codes.new_secret(), step=0, is_change=False)
    assert factor
    Authenticator.objects.filter(pk=factor.pk).update(created_at=timezone.now() - timedelta(days=days))


def test_both_need_a_second_factor_that_is_old_enough(petition, mallory, bob, settings):
    settings.STAFF_SECOND_FACTOR = True
    make_factor(mallory, days=8)
    handover = make_handover(petition, by=mallory)
    with pytest.raises(NotSettled):
        workflow.approve(handover, by=bob)
    make_factor(bob, days=6)
    with pytest.raises(NotSettled):
        workflow.approve(handover, by=bob)
    Authenticator.objects.filter(user=bob).update(created_at=timezone.now() - timedelta(days=8))
    workflow.approve(handover, by=bob)
    assert is_approved(handover)


def test_a_second_factor_that_was_reset_begins_anew(mallory, bob, settings):
    settings.STAFF_SECOND_FACTOR = True
    make_factor(bob, days=8)
    standing.demand_standing(bob)
    second_factor.reset(bob, by="mallory")
    second_factor.set_up_factor(bob, secret=one_time_codes.new_secret(), step=0, is_change=False)
    with pytest.raises(NotSettled):
        standing.demand_standing(bob)


def test_whoever_takes_over_an_account_after_the_approval_takes_no_file(petition, mallory, bob):
    other = make_administrator("other")
    handover = ask(petition, other)
    approve(handover, bob)
    end_wait(handover)
    set_password(bob, mallory)
    answer = at_the_desk(bob).post(f"/admin/petitions/handover/{handover.pk}/do/", follow=True)
    assert "less than 7 days ago" in answer.content.decode()
    assert HandOver.objects.get().times_taken == 0


def blank_address(bob: User, mallory: User) -> None:
    save(bob, mallory, email="")


def deactivate(bob: User, mallory: User) -> None:
    save(bob, mallory, is_active="")


def take_rights(bob: User, mallory: User) -> None:
    save(bob, mallory, is_superuser="")


def delete(bob: User, mallory: User) -> None:
    at_the_desk(mallory).post(f"/admin/auth/user/{bob.pk}/delete/", {"post": "yes"})


def delete_in_the_list(bob: User, mallory: User) -> None:
    chosen = {"action": "delete_selected", "_selected_action": [bob.pk], "post": "yes"}
    at_the_desk(mallory).post("/admin/auth/user/", chosen)


def narrow_role(bob: User, mallory: User) -> None:
    clerks = Group.objects.create(name="Clerks")
    clerks.permissions.add(Permission.objects.get(codename="export_signatures"))
    bob.groups.add(clerks)
    User.objects.filter(pk=bob.pk).update(is_superuser=False)
    at_the_desk(mallory).post(f"/admin/auth/group/{clerks.pk}/change/", {"name": "Clerks", "permissions": []})


def take_their_address(bob: User, mallory: User) -> None:
    save(mallory, mallory, email=bob.email)


@pytest.mark.parametrize(
    "silence",
    [
        blank_address,
        change_address,
        deactivate,
        take_rights,
        delete,
        delete_in_the_list,
        narrow_role,
        take_their_address,
    ],
)
def test_nobody_is_silenced_before_the_signatures_are_asked_for(
    petition, mallory, bob, silence: Callable[[User, User], None]
):
    silence(bob, mallory)
    ask(petition, mallory)
    assert "bob@example.org" in told()


def test_whoever_waits_until_a_second_account_counts_is_told_of_all_the_same(petition, mallory, bob):
    """The new account counts after seven days, and the file can be fetched for seven more."""
    take_rights(bob, mallory)
    FormerContact.objects.update(until=timezone.now() - timedelta(days=20))
    ask(petition, mallory)
    assert "bob@example.org" in told()


def test_an_address_of_long_ago_is_told_nothing_and_forgotten(petition, mallory, bob):
    take_rights(bob, mallory)
    FormerContact.objects.update(until=timezone.now() - timedelta(days=23))
    ask(petition, mallory)
    assert told() == {"mallory@example.org"}
    assert former_contacts.forget() == 1


@pytest.mark.parametrize("silence", [blank_address, change_address, deactivate, take_rights, delete])
def test_whoever_loses_an_address_or_rights_is_told_there_at_once(mallory, bob, silence, outbox_drained):
    silence(bob, mallory)
    outbox_drained()
    subjects = [message.subject for message in mail.outbox if message.to == ["bob@example.org"]]
    assert subjects == ["Your staff account on this site was changed"]


def test_a_request_of_somebody_who_has_left_is_approved_by_nobody(petition, mallory, bob):
    handover = ask(petition, bob)
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert "has left or may no longer ask" in approve(handover, mallory)
    assert not HandOver.objects.exclude(approved_by=None).exists()


def test_a_request_of_long_ago_is_approved_by_nobody(petition, mallory, bob):
    handover = ask(petition, bob)
    HandOver.objects.update(requested_at=timezone.now() - timedelta(days=31))
    assert "asked too long ago" in approve(handover, mallory)
    assert not HandOver.objects.exclude(approved_by=None).exists()


def test_whoever_could_never_take_signatures_is_not_told(petition, mallory):
    editor = User.objects.create_user("editor", "editor@example.org", "a-password-of-the-tests", is_staff=True)
    save(editor, mallory, email="", is_superuser="")
    ask(petition, mallory)
    assert told() == {"mallory@example.org"}


def test_the_facts_are_written_by_no_form():
    superuser = User(is_staff=True, is_superuser=True, is_active=True)
    assert FormerContact not in admin.site._registry
    for model in (Entry, Authenticator):
        request = type("Request", (), {"user": superuser})()
        desk = admin.site._registry[model]
        assert not desk.has_add_permission(request)
        assert not desk.has_change_permission(request)
