"""Content: what a new site still needs, and how old is what must be renewed?"""

from collections.abc import Iterator
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import DatabaseError
from django.db.models import Max
from django.utils import translation

from backoffice.alerts import BACKUP_LATE
from backoffice.doctor.findings import Asked, Finding, bad, good, look
from backoffice.first_steps import first_steps
from campaign.database import clock
from campaign.outbox import monitoring
from letters.models import OfficeImport
from letters.models.recipients.offices import ImportFormat

OLD_LIST = timedelta(days=180)


def check(asked: Asked) -> Iterator[Finding]:
    try:
        yield from steps()
        yield from recipients()
        yield from backups()
    except DatabaseError as error:
        yield look(f"not looked at: {str(error).splitlines()[0]}")


def steps() -> Iterator[Finding]:
    administrator = User.objects.filter(is_active=True, is_superuser=True).first()
    if not administrator:
        yield bad("nobody can log in as an administrator", "manage.py createsuperuser")
        return
    with translation.override("en"):
        left = [step for step, is_done in first_steps(administrator) if not is_done]
        for step in left:
            yield look(f"still to be done: {step.text}", str(step.why))
    if not left:
        yield good("everything of the first days is done")


def recipients() -> Iterator[Finding]:
    applied = OfficeImport.objects.filter(applied_at__isnull=False).exclude(format=ImportFormat.AREAS).order_by()
    newest = applied.values_list("recipient_list__name").annotate(newest=Max("applied_at"))
    for name, applied_at in newest.order_by("recipient_list__name"):
        if applied_at < clock.now() - OLD_LIST:
            yield look(f"the list {name} is of {applied_at:%Y-%m-%d}", "Upload a new one in the admin.")


def backups() -> Iterator[Finding]:
    made_at = monitoring.backed_up_at()
    if made_at is None:
        yield look(
            "`manage.py backup` was never run here", "Run it every night, and try one with `make restore-drill`."
        )
    elif made_at < clock.now() - BACKUP_LATE:
        yield bad(f"the last backup is of {made_at:%Y-%m-%d %H:%M} UTC", "Look at campaign-backup.service.")
    else:
        yield good(f"the last backup is of {made_at:%Y-%m-%d %H:%M} UTC")
