"""Roles: what each may do, and what it may not."""

import pytest
from django.contrib.auth.models import Group, User

from backoffice import roles

pytestmark = pytest.mark.django_db


def member(role: str) -> User:
    user = User.objects.create_user(role, f"{role.lower()}@example.org", "a-password-of-the-tests", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        ("Editor", ["pages.change_page", "pages.add_issue"], ["pages.send_issue", "petitions.change_petition"]),
        ("Typist", ["petitions.add_paperbatch"], ["petitions.change_paperbatch", "petitions.view_signature"]),
        ("Moderator", ["petitions.moderate_signature"], ["petitions.export_signatures", "pages.change_page"]),
        ("Campaigner", ["pages.send_issue", "letters.change_office"], ["petitions.export_signatures", "auth.add_user"]),
        ("Auditor", ["audit.view_entry", "pages.view_page"], ["pages.change_page", "letters.read_letter"]),
        ("Administrator", ["petitions.export_signatures", "auth.add_user"], []),
    ],
)
def test_a_role_may_do_its_work_and_no_more(role, may, may_not):
    user = member(role)
    assert [name for name in may if not user.has_perm(name)] == []
    assert [name for name in may_not if user.has_perm(name)] == []


def test_every_pattern_names_something():
    known = {f"{label}.{code}" for _pk, label, code in roles.permissions()}
    later = {"pages.*_picture", "pages.*_document"}
    patterns = {pattern for patterns in roles.ROLES.values() for pattern in patterns} - later
    assert [pattern for pattern in patterns if not any(roles.matches(name, [pattern]) for name in known)] == []


def test_granting_again_mends_a_role_and_leaves_other_groups_alone():
    Group.objects.get(name="Editor").permissions.clear()
    own = Group.objects.create(name="Our own")
    roles.grant()
    assert member("Editor").has_perm("pages.change_page")
    assert own.permissions.count() == 0
