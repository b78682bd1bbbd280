"""Nobody grants what they do not have, and nobody manages an account with more rights than their own.

Otherwise whoever may change accounts could give any rights to themselves, or to an account whose password they set.
Only a superuser makes an administrator (campaign/staff/accounts/forms.py).
"""

from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q, QuerySet

ADMINISTRATOR = "Administrator"  # the role that may do everything (backoffice/roles.py)


def permissions_of(person: User) -> QuerySet[Permission]:
    """Return all permissions of the account, even if it is inactive: it could be activated again."""
    if person.is_superuser:
        return Permission.objects.all()
    return Permission.objects.filter(Q(user=person) | Q(group__user=person)).distinct()


def may_manage(person: User, *, by: User) -> bool:
    """Return whether `by` has every right that `person` has."""
    if by.is_superuser:
        return True
    return not person.is_superuser and not permissions_of(person).difference(permissions_of(by)).exists()


def may_manage_role(role: Group, *, by: User) -> bool:
    return by.is_superuser or grantable_roles(by).filter(pk=role.pk).exists()


def grantable_permissions(by: User) -> QuerySet[Permission]:
    return Permission.objects.filter(pk__in=permissions_of(by).values("pk")).select_related("content_type")


def grantable_roles(by: User) -> QuerySet[Group]:
    if by.is_superuser:
        return Group.objects.all()
    beyond = Permission.objects.exclude(pk__in=permissions_of(by).values("pk"))
    return Group.objects.exclude(permissions__in=beyond).exclude(name=ADMINISTRATOR)
