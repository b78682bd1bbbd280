"""Tell whether an account counts as a person of its own: it must have existed for a while, unchanged.

This rests on facts that no form of the admin writes: when the account and its second factor were made, and what the
audit records of changes to the account and its roles. Whoever makes a second account, or sets a colleague's password,
therefore does not count as two people before `HANDOVER_WAIT_DAYS` have passed.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Max, Q
from django.db.models.functions import Now

from campaign.audit.models import Entry
from campaign.staff.accounts import address_verification
from campaign.staff.models import Authenticator
from campaign.translation import for_staff

ACCOUNT_CHANGES = ["user.made", "user.changed", "second-factor.reset"]
ROLE_CHANGES = ["group.made", "group.changed"]


class NotSettled(Exception):
    """The account does not count yet; `until` is when it will, or None while it lacks what `lacks` says."""

    def __init__(self, person: User, until: datetime | None, lacks: str = "") -> None:
        super().__init__(
            for_staff("%(name)s is not settled until %(until)s") % {"name": person.get_username(), "until": until}
        )
        self.person, self.until, self.lacks = person, until, lacks


def demand_standing(person: User) -> None:
    """Require a settled account. Raises NotSettled."""
    if not address_verification.is_verified(person):
        raise NotSettled(person, None, for_staff("address that was verified by a mailed link"))
    settled_at = settled(person)
    now = User.objects.filter(pk=person.pk).values_list(Now(), flat=True).get()
    if settled_at is None or now < settled_at:
        raise NotSettled(person, settled_at, for_staff("second factor"))


def settled(person: User) -> datetime | None:
    """Return the time from which the account counts, as things are now; None without a second factor."""
    facts = [person.date_joined, last_change(person)]
    if settings.STAFF_SECOND_FACTOR:
        authenticator = Authenticator.objects.filter(user=person).first()
        if authenticator is None or authenticator.created_at is None:
            return None
        facts.append(authenticator.created_at)
    return max(filter(None, facts)) + timedelta(days=settings.HANDOVER_WAIT_DAYS)


def last_change(person: User) -> datetime | None:
    """Return when the account or its roles were last changed in the admin.

    Changes of one's own password and codes do not count.
    """
    roles = [f"auth.group {pk}" for pk in person.groups.values_list("pk", flat=True)]
    account = Q(on=f"auth.user {person.pk}", act__in=ACCOUNT_CHANGES)
    changes = Entry.objects.filter(account | Q(on__in=roles, act__in=ROLE_CHANGES))
    last: datetime | None = changes.aggregate(last=Max("at"))["last"]
    return last
