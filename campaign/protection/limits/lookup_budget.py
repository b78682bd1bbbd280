"""Limit how many addresses a member of staff looks up, so that nobody can go through a list of people with it.

    if lookup_budget.spend(request.user): ...

All kinds of look-up share one budget. Administrators see on the dashboard who asked for more.
"""

from datetime import datetime, timedelta
from typing import TypedDict

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now

from campaign import audit
from campaign.audit.models import Entry
from campaign.protection.limits import leaky_bucket
from campaign.protection.limits.leaky_bucket import Rate
from campaign.secrecy.addresses import keyed_hash
from campaign.translation import for_staff_lazy

A_DAY = 20
DAILY_LOOKUPS = Rate(burst=A_DAY, every=timedelta(days=1) / A_DAY)
NOTED = Rate(burst=1, every=timedelta(minutes=10))  # how often the audit gets an entry of refused look-ups
REFUSED = "look-up.refused"
SPENT = for_staff_lazy(
    "You have looked up %(a_day)s addresses lately, which is as many as one person may. Wait an "
    "hour or two for the next one. Administrators are told of this.",
    a_day=A_DAY,
)


class LookupRefused(TypedDict):
    who: str
    last: datetime


@transaction.atomic
def spend(by: User) -> bool:
    """Count one look-up; return whether there was room for it, and leave a note in the audit if not."""
    if not leaky_bucket.drip([(keyed_hash(str(by.pk), "look-up"), DAILY_LOOKUPS)]):
        return True
    if not leaky_bucket.drip([(keyed_hash(str(by.pk), REFUSED), NOTED)]):
        audit.note(REFUSED, by=by.get_username(), on=by)
    return False


def refused_lately() -> list[LookupRefused]:
    """Return who asked for more than the budget within a day, and when lastly; ten people at most."""
    entries = Entry.objects.filter(act=REFUSED, at__gt=Now() - timedelta(days=1))
    return list(entries.order_by().values("who").annotate(last=Max("at")).order_by("-last")[:10])
