"""Count failed logins and lock-outs, for the dashboard and the audit.

One row for each user name and act; all names without an account share one, so that an attack fills no table. Of each
row, the audit gets an entry at most every ten minutes, with the number of tries since the last one.
"""

from datetime import datetime, timedelta
from typing import TypedDict

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Case, F, Min, QuerySet, Sum, Value, When
from django.db.models.functions import Now

from campaign import audit
from campaign.staff.models import FailedLogins

FAILED, LOCKED_OUT = "login.failed", "login.locked-out"
EVERY = timedelta(minutes=10)  # how often the audit gets an entry
SPELL = timedelta(days=1)  # failures that far apart are not counted together
MANY = 5  # fewer are mistyped passwords


class Failures(TypedDict):
    name: str
    number: int
    since: datetime


@transaction.atomic
def record_failure(act: str, typed_name: str) -> None:
    """Count one failure; `typed_name` is kept only if there is such an account."""
    name = typed_name if User.objects.filter(username=typed_name).exists() else ""
    rows = FailedLogins.objects.filter(act=act, name=name)
    FailedLogins.objects.bulk_create([FailedLogins(act=act, name=name)], ignore_conflicts=True)
    is_over = When(last_at__lt=Now() - SPELL, then=Value(1))
    rows.update(
        number=Case(is_over, default=F("number") + 1),
        since=Case(When(last_at__lt=Now() - SPELL, then=Now()), default=F("since")),
        unnoted=F("unnoted") + 1,
        last_at=Now(),
    )
    note_due(rows)


def note_due(rows: QuerySet[FailedLogins]) -> None:
    """Write an audit entry of each of these rows that is due for one."""
    due = rows.filter(unnoted__gt=0).exclude(noted_at__gt=Now() - EVERY)
    for row in due.order_by("pk").select_for_update():
        audit.note(row.act, by=row.name, on="login", tries=row.unnoted)
        FailedLogins.objects.filter(pk=row.pk).update(unnoted=0, noted_at=Now())


@transaction.atomic
def tidy() -> None:
    """Write the audit entries that are due, and forget what is over."""
    note_due(FailedLogins.objects.all())
    FailedLogins.objects.filter(last_at__lt=Now() - SPELL, unnoted=0).delete()


def many() -> list[Failures]:
    """Return the names for which many logins failed lately, with the number, the most first; ten at most."""
    lately = FailedLogins.objects.filter(last_at__gte=Now() - SPELL)
    by_name = lately.order_by().values("name").annotate(number=Sum("number"), since=Min("since"))
    return list(by_name.filter(number__gte=MANY).order_by("-number", "name")[:10])
