"""The mail of each night to administrators, who then have the head of the audit's chain outside of the database."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Sum
from django.db.models.functions import Now
from django.urls import reverse

from campaign import audit
from campaign.audit import chain
from campaign.audit.models import Entry
from campaign.mail.handler import Mail
from campaign.outbox import queue
from campaign.outbox.handlers import Item
from campaign.staff.accounts import former_contacts
from campaign.staff.mail.staff_mail import StaffMail, staff_mail
from campaign.staff.models import FailedLogins
from campaign.web.links import absolute

NIGHT = "staff.night"
MANAGE_ACCOUNTS = "auth.change_user"
MAILED = "audit.head-mailed"
REPORTER = 7_205_761  # the advisory lock that makes the reporter one, should there be two schedulers
A_DAY, HALF_A_DAY = timedelta(days=1), timedelta(hours=12)


def mail_report() -> None:
    """Prove the chain of the audit, and put a mail to each who may manage accounts, unless this was done lately.

    Cost grows with all entries.
    """
    try:
        head, fault = chain.check(), ""
    except chain.Broken as broken:
        head, fault = chain.head(), str(broken)
    entries = Entry.objects.filter(at__gt=Now() - A_DAY).count()
    failed = FailedLogins.objects.filter(last_at__gt=Now() - A_DAY).aggregate(number=Sum("number"))["number"] or 0
    put_report({"head": str(head), "fault": fault, "entries": entries, "failed_logins": failed})


@transaction.atomic
def put_report(told: dict[str, str | int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [REPORTER])
    if Entry.objects.filter(act=MAILED, at__gt=Now() - HALF_A_DAY).exists():
        return
    audit.note(MAILED, by="", on="audit", head=told["head"], fault=told["fault"])
    for address in recipients():
        queue.put(NIGHT, payload=told, secret={"address": address})


def recipients() -> list[str]:
    """Return each verified address of those who may manage accounts, or could lately.

    An account that has none is told at its other address, so that a new site is not without a witness.
    """
    verified = {address for _account, address in former_contacts.contacts(MANAGE_ACCOUNTS)}
    unverified = former_contacts.holders(MANAGE_ACCOUNTS).filter(verified_address=None).exclude(email="")
    return sorted(verified.union(unverified.values_list("email", flat=True)))


class NightMail(StaffMail):
    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        url = absolute(reverse("admin:audit_entry_changelist"))
        for item in items:
            told = {name: item.payload[name] for name in ("head", "fault", "entries", "failed_logins")}
            yield item, staff_mail("staff/night", to=item.secret["address"], url=url, **told)
