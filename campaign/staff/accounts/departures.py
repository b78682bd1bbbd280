"""Let somebody leave the staff: nothing opens for them any more, and what they had begun has another owner or none.

    departures.leave(person, by=user, heir=colleague)

The account stays, closed and without rights, so that the audit keeps its name; another invitation opens it again.
"""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.functions import Now
from django.utils.module_loading import import_string

from campaign import audit
from campaign.staff.accounts import former_contacts
from campaign.staff.login import second_factor
from campaign.staff.models import Invitation


class Begun(NamedTuple):
    """One thing that somebody began and has not finished."""

    text: str
    url: str


class Belongings(Protocol):
    """A kind of thing that a member of staff begins and finishes later (settings.BELONGINGS)."""

    @staticmethod
    def listed(person: User) -> Iterator[Begun]: ...

    @staticmethod
    def permissions(person: User) -> set[str]:
        """Return what somebody must be allowed to do to have all of it."""

    @staticmethod
    def hand_over(person: User, *, to: User | None) -> int:
        """Give all of it to a colleague, or leave it without an owner; return how many there were."""


def kinds() -> list[Belongings]:
    return [import_string(path) for path in settings.BELONGINGS]


def belongings_of(person: User) -> list[Begun]:
    return [begun for kind in kinds() for begun in kind.listed(person)]


class UnfitHeir(Exception):
    """The colleague has left, or may not do what goes with the things that were begun."""


@transaction.atomic
def leave(person: User, *, by: User, heir: User | None) -> None:
    """Close the account; again changes nothing.

    Raises UnfitHeir, and PermissionDenied if `by` was made to leave meanwhile.

    Without a password that anybody knows, every session of the account is over, and the account's devices are not
    known any more once it is opened again (campaign/staff/login/known_devices.py).
    """
    involved = [one.pk for one in (person, by, heir) if one]
    people = {one.pk: one for one in User.objects.select_for_update().filter(pk__in=involved).order_by("pk")}
    if by.pk == person.pk or not people[by.pk].is_active:
        raise PermissionDenied("nobody leaves by themselves, or after they have left")
    leaver = people[person.pk]
    if not leaver.is_active:
        return
    if heir and not may_inherit(people.get(heir.pk), leaver):
        raise UnfitHeir
    with former_contacts.keep_changed():
        handed_over = sum(kind.hand_over(leaver, to=heir) for kind in kinds())
        Invitation.objects.waiting().filter(invited_by=leaver).update(withdrawn_at=Now())
        second_factor.remove(leaver)
        leaver.groups.clear()
        leaver.user_permissions.clear()
        leaver.is_active = leaver.is_staff = leaver.is_superuser = False
        leaver.set_unusable_password()
        leaver.save()
    to = heir.get_username() if heir else ""
    audit.note("user.left", by=by.get_username(), on=leaver, handed_over=handed_over, to=to)


def may_inherit(heir: User | None, leaver: User) -> bool:
    """Return whether `heir` is staff and may do whatever goes with what `leaver` has begun."""
    if heir is None or heir == leaver or not (heir.is_active and heir.is_staff):
        return False
    return heir.has_perms(set().union(*(kind.permissions(leaver) for kind in kinds())))
