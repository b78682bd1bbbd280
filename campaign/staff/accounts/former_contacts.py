"""Keep staff reachable for a while, even after somebody took away their address, their rights or their account.

Notices go to verified addresses (address_verification.py), so another address that somebody sets takes none away.

They are told of the change at once, and then of every hand-over, for so long that whoever made the change cannot hand
over signatures behind their backs. That is twice HANDOVER_WAIT_DAYS, since a second account counts after these days and
one that was changed meanwhile after as many again, plus the time from the approval until the file can no longer be
fetched.

    with former_contacts.keep_changed():
        ...  # accounts or roles change

    for account, address in former_contacts.contacts("petitions.export_signatures"): ...
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import Permission, User
from django.db.models import QuerySet
from django.db.models.functions import Now

from campaign.outbox import queue
from campaign.staff.dual_control.models import VALID
from campaign.staff.models import FormerContact, VerifiedAddress

EVERYTHING = "*"  # what a superuser may do
ACCOUNT_CHANGED = "staff.account-changed"


class Contact(NamedTuple):
    account: int
    email: str
    verified: str  # empty if the account has no verified address
    permissions: frozenset[str]


@contextmanager
def keep_changed() -> Iterator[None]:
    """Put a mail to each contact that gets another address or fewer permissions or is gone afterwards.

    The verified address of one with fewer permissions is kept. Call it in the transaction that makes the changes.
    """
    before = present()
    yield
    after = {contact.account: contact for contact in present()}
    for was in before:
        now = after.get(was.account)
        if was.verified and not may_as_much(was, now):
            keep_contact(was)
        if not may_as_much(was, now) or now is None or was.email != now.email:
            tell_of_change(was.account, was.verified or was.email)


def replace(person: User, address: str) -> None:
    """Keep, and put a mail to, a verified address after another one was verified in its place."""
    keep_contact(Contact(person.pk, person.email, address, permissions_then(person)))
    tell_of_change(person.pk, address)


def keep_contact(was: Contact) -> None:
    FormerContact.objects.create(account=was.account, address=was.verified, permissions=sorted(was.permissions))


def tell_of_change(account: int, address: str) -> None:
    queue.put(ACCOUNT_CHANGED, payload={"account": account}, secret={"address": address})


def may_as_much(was: Contact, now: Contact | None) -> bool:
    return now is not None and (EVERYTHING in now.permissions or was.permissions <= now.permissions)


def present() -> list[Contact]:
    """Return a contact for each open account that has an address, in a constant number of queries."""
    verified = {known.user_id: known.address for known in VerifiedAddress.objects.all()}
    people = User.objects.filter(is_active=True).exclude(email="", verified_address=None)
    rights = ("user_permissions__content_type", "groups__permissions__content_type")
    return [
        Contact(one.pk, one.email, verified.get(one.pk, ""), permissions_then(one))
        for one in people.prefetch_related(*rights)
    ]


def permissions_then(person: User) -> frozenset[str]:
    if person.is_superuser:
        return frozenset([EVERYTHING])
    granted = [person.user_permissions.all(), *(group.permissions.all() for group in person.groups.all())]
    return frozenset(permission_name(permission) for each in granted for permission in each)


def permission_name(permission: Permission) -> str:
    return f"{permission.content_type.app_label}.{permission.codename}"


def addresses(permission: str, *, but: User) -> list[str]:
    """Return the addresses of `contacts`, without that of the account `but`."""
    return sorted({address for account, address in contacts(permission) if (account, address) != (but.pk, but.email)})


def contacts(permission: str) -> list[tuple[int, str]]:
    """Return account and verified address of all who have the permission, and former ones of all who had it lately."""
    able = holders(permission)
    former = lately().filter(permissions__overlap=[permission, EVERYTHING])
    now = {(known.user_id, known.address) for known in VerifiedAddress.objects.filter(user__in=able)}
    return sorted(now | {(contact.account, contact.address) for contact in former})


def holders(permission: str) -> QuerySet[User]:
    """Return the accounts that are open and have the permission."""
    return User.objects.with_perm(permission, backend="django.contrib.auth.backends.ModelBackend")


def lately() -> QuerySet[FormerContact]:
    wait = timedelta(hours=settings.DUAL_CONTROL_WAIT_HOURS)
    told_for = 2 * timedelta(days=settings.HANDOVER_WAIT_DAYS) + wait + VALID
    return FormerContact.objects.filter(until__gt=Now() - told_for)


def forget() -> int:
    """Delete contacts that are too old to be notified (settings.PURGES); return how many."""
    deleted, _by_model = FormerContact.objects.exclude(pk__in=lately().values("pk")).delete()
    return deleted
