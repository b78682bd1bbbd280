"""Members of staff, and each at a browser of their own."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.utils import timezone

from campaign.staff.accounts import address_verification

PASSWORD = "a-password-of-the-tests"


def at_the_desk(user: User) -> Client:
    """Return a browser in which the user, as the account is now, is logged in."""
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def make_account(name: str, *, days: int = 30, is_verified: bool = True, **fields: Any) -> User:
    """Make an account of staff that is so many days old."""
    joined = timezone.now() - timedelta(days=days)
    fields = {"is_staff": True, "date_joined": joined, **fields}
    person = User.objects.create_user(name, f"{name}@example.org", PASSWORD, **fields)
    if is_verified:
        address_verification.mark_verified(person)
    return person


def make_administrator(name: str, *, days: int = 30, is_verified: bool = True) -> User:
    return make_account(name, days=days, is_verified=is_verified, is_superuser=True)


def make_member(name: str, role: str) -> User:
    """Make an account with one of the roles of the code (backoffice/roles.py)."""
    person = make_account(name)
    person.groups.add(Group.objects.get(name=role))
    return person


def make_person(name: str, *permissions: str) -> User:
    """Make an account of today with single permissions."""
    person = make_account(name, days=0)
    person.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return person
