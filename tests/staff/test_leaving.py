"""Somebody leaves the staff by one button: nothing opens for them, and a colleague has what they had begun."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from campaign.audit.models import Entry
from campaign.outbox.models import Item
from campaign.revisions import history
from campaign.revisions.models import Version
from campaign.staff.accounts import departures
from campaign.staff.invitations import workflow
from campaign.staff.login import known_devices, one_time_codes, second_factor
from campaign.staff.models import Authenticator, FormerContact, Invitation, RecoveryCodes
from pages.models import Issue
from pages.models.newsletter import IssueState
from tests.pages.factories import make_page, make_staff
from tests.race import race
from tests.staff.desk import make_person

pytestmark = pytest.mark.django_db
LOGIN, PASSWORD = "/admin/login/", "a-password-of-the-tests"


@pytest.fixture
def chief() -> User:
    return make_staff()


@pytest.fixture
def desk(chief: User) -> Client:
    desk = Client()
    desk.force_login(chief)
    return desk


@pytest.fixture
def ana() -> User:
    ana = make_person("ana", "view_user")
    ana.groups.add(Group.objects.get(name="Editor"))
    return ana


def page_of(person: User) -> str:
    return f"/admin/auth/user/{person.pk}/leave/"


def test_the_account_has_one_button_and_its_page_says_what_happens(desk, ana):
    assert page_of(ana) in desk.get(f"/admin/auth/user/{ana.pk}/change/").content.decode()
    page = desk.get(page_of(ana)).content.decode()
    for word in ("sessions end", "second factor is removed", "audit keeps its name", "ana leaves the staff"):
        assert word in page
    assert User.objects.get(pk=ana.pk).is_active


def test_whoever_leaves_keeps_no_session_right_factor_or_password(desk, ana):
    theirs = Client()
    theirs.post(LOGIN, {"username": "ana", "password": PASSWORD})
    assert theirs.get("/admin/").status_code == 200
    second_factor.set_up_factor(ana, secret=one_time_codes.new_secret(), step=0, is_change=False)
    second_factor.renew_recovery_codes(ana)
    assert desk.post(page_of(ana)).status_code == 302
    assert theirs.get("/admin/").status_code == 302
    now = User.objects.get(pk=ana.pk)
    assert (now.is_active, now.is_staff, now.is_superuser, now.has_usable_password()) == (False, False, False, False)
    assert not now.groups.exists()
    assert not now.user_permissions.exists()
    assert not Authenticator.objects.exists()
    assert not RecoveryCodes.objects.exists()
    assert Client().post(LOGIN, {"username": "ana", "password": PASSWORD}).status_code == 200


def test_an_old_session_and_an_old_device_stay_over_when_the_account_is_opened_again(desk, chief, ana, rf):
    theirs = Client()
    User.objects.filter(pk=ana.pk).update(date_joined=timezone.now() - timedelta(days=9))
    theirs.post(LOGIN, {"username": "ana", "password": PASSWORD})
    request = rf.get("/admin/")
    request.COOKIES = {known_devices.COOKIE: theirs.cookies[known_devices.COOKIE].value}
    assert known_devices.is_known_device(request, "ana")
    desk.post(page_of(ana))
    role = Group.objects.get(name="Editor")
    invited = workflow.invite(name="Ana", address="ana@example.org", role=role, by=chief)
    back = invited.account
    assert back
    back.set_password(PASSWORD)
    workflow.accept(invited, person=back)
    User.objects.filter(pk=ana.pk).update(date_joined=timezone.now() + timedelta(seconds=2))
    assert theirs.get("/admin/").status_code == 302
    assert not known_devices.is_known_device(request, "ana")


def test_drafts_are_listed_and_handed_to_a_colleague(desk, ana):
    bo = make_person("bo", "change_page")
    page = make_page()
    draft = history.record_draft(page, history.snapshot(page), by=ana)
    history.schedule(draft, due_at=timezone.now() + timedelta(days=2), by=ana)
    assert f"Draft of “{page}”, appears on" in desk.get(page_of(ana)).content.decode()
    desk.post(page_of(ana), {"heir": bo.pk})
    now = Version.objects.get(pk=draft.pk)
    assert (now.made_by, now.due_at) == (bo, Version.objects.get(pk=draft.pk).due_at)
    entry = Entry.objects.get(act="user.left")
    assert (entry.who, entry.details) == ("staff", {"handed_over": 1, "to": "bo"})


def test_drafts_without_an_heir_stay_without_an_owner(desk, ana):
    page = make_page()
    draft = history.record_draft(page, history.snapshot(page), by=ana)
    desk.post(page_of(ana))
    assert Version.objects.get(pk=draft.pk).made_by is None


def test_a_scheduled_newsletter_is_listed_and_handed_over(desk, ana):
    bo = make_person("bo", "send_issue")
    when = timezone.now() + timedelta(days=1)
    issue = Issue.objects.create(subject="News", state=IssueState.SCHEDULED, scheduled_by="ana", send_at=when)
    assert "Newsletter “News”, goes out on" in desk.get(page_of(ana)).content.decode()
    desk.post(page_of(ana), {"heir": bo.pk})
    now = Issue.objects.get(pk=issue.pk)
    assert (now.scheduled_by, now.state) == ("bo", IssueState.SCHEDULED)


@pytest.mark.parametrize("heir", ["0", "x", "the leaver", "somebody who has left"])
def test_nothing_is_handed_to_somebody_who_is_not_there(desk, ana, heir):
    gone = User.objects.create_user("gone", is_active=False, is_staff=True)
    value = {"the leaver": ana.pk, "somebody who has left": gone.pk}.get(heir, heir)
    assert desk.post(page_of(ana), {"heir": value}).status_code == 200
    assert User.objects.get(pk=ana.pk).is_active


def test_a_draft_is_not_handed_to_somebody_who_may_not_change_the_page(desk, ana):
    draft = history.record_draft(page := make_page(), history.snapshot(page), by=ana)
    bo = make_person("bo", "view_page")
    answer = desk.post(page_of(ana), {"heir": bo.pk})
    assert "bo may not have what ana has begun" in answer.content.decode()
    assert Version.objects.get(pk=draft.pk).made_by == ana
    assert User.objects.get(pk=ana.pk).is_active


def test_a_newsletter_is_not_handed_to_somebody_who_may_not_send_it(chief, ana):
    issue = Issue.objects.create(subject="News", state=IssueState.SCHEDULED, scheduled_by="ana")
    with pytest.raises(departures.UnfitHeir):
        departures.leave(ana, by=chief, heir=make_person("bo", "change_issue"))
    assert Issue.objects.get(pk=issue.pk).scheduled_by == "ana"


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}])
def test_nothing_is_handed_to_a_colleague_who_has_left_a_moment_ago(chief, ana, change):
    bo = make_person("bo")
    User.objects.filter(pk=bo.pk).update(**change)
    with pytest.raises(departures.UnfitHeir):
        departures.leave(ana, by=chief, heir=bo)
    assert User.objects.get(pk=ana.pk).is_active


def test_whoever_has_left_already_does_not_leave_again(chief, ana):
    for _again in range(2):
        departures.leave(ana, by=chief, heir=None)
    assert Entry.objects.filter(act="user.left").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_leave_at_once_neither_inherits_from_the_other():
    chief, ana, bo = make_staff(), make_person("ana"), make_person("bo")
    first, second = race(
        lambda: departures.leave(bo, by=chief, heir=None),
        lambda: departures.leave(ana, by=chief, heir=bo),
        after="FOR UPDATE",
    )
    first.result()
    assert isinstance(second.exception(), departures.UnfitHeir)


def test_invitations_of_whoever_leaves_are_withdrawn(desk, ana):
    workflow.invite(name="X", address="x@example.org", role=Group.objects.get(name="Typist"), by=ana)
    desk.post(page_of(ana))
    assert not Invitation.objects.waiting().exists()


def test_whoever_leaves_is_told_and_stays_a_contact_for_a_while(desk, ana):
    desk.post(page_of(ana))
    assert {item.secret["address"] for item in Item.objects.filter(kind="staff.account-changed")} == {"ana@example.org"}
    assert FormerContact.objects.get().address == "ana@example.org"


def test_the_audit_keeps_the_name_of_whoever_left(desk, ana):
    desk.post(page_of(ana))
    assert Entry.objects.get(act="user.left").on == f"auth.user {ana.pk}"
    assert "ana" in desk.get("/admin/auth/user/").content.decode()


def test_nobody_lets_themselves_or_somebody_with_more_rights_leave(desk, chief, ana):
    assert desk.post(page_of(chief)).status_code == 403
    clerk = Client()
    clerk.force_login(make_person("clerk", "change_user", "view_user"))
    assert clerk.post(page_of(ana)).status_code == 403
    assert clerk.post(page_of(chief)).status_code == 403
    assert User.objects.filter(is_active=True).count() == 3


def test_an_account_that_is_not_there_is_not_found(desk):
    assert desk.get("/admin/auth/user/999999/leave/").status_code == 404


def test_of_two_who_let_each_other_leave_one_stays(chief):
    other = User.objects.create_superuser("other", "other@example.org")
    departures.leave(other, by=chief, heir=None)
    with pytest.raises(PermissionDenied):
        departures.leave(chief, by=other, heir=None)
    assert User.objects.get(pk=chief.pk).is_active


def test_a_page_of_the_admin_says_who_may_do_what(desk):
    page = desk.get("/admin/roles/").content.decode()
    assert "May not send the newsletter" in page
    assert "Timeline of the evidence" in page
    assert Client().get("/admin/roles/").status_code == 302
