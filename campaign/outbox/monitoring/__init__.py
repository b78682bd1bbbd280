"""How the outbox is doing: for the dashboard here, for machines in metrics.py, and how tries ended in tries.py."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count, Exists, Max, Min
from django.db.models.functions import Now

from campaign.database import clock
from campaign.observability.metrics import MOST
from campaign.outbox.heartbeats import SitePart
from campaign.outbox.models import BUDGET, FAULT, KEYS_AWAY, OUTAGE, SHORTAGE, Heartbeat, Item

SILENT = timedelta(minutes=1)  # after which a part that says every ten seconds that it is at work stands still


class Waiting(NamedTuple):
    number: int
    until: datetime | None  # when the last of them is due


def last_seen() -> dict[SitePart, datetime | None]:
    """Return when each part was last at work; None for one that has never been."""
    seen = dict(Heartbeat.objects.values_list("part", "seen_at"))
    return {part: seen.get(part) for part in SitePart}


def has_mailed() -> Exists:
    """Return the condition that a mail server has ever taken a mail, for a query."""
    return Exists(Heartbeat.objects.filter(part=SitePart.MAIL_SERVER))


def silent_parts() -> dict[SitePart, datetime | None]:
    """Return the processes of this site that stand still."""
    known = last_seen()
    seen = {part: known[part] for part in (SitePart.RELAY, SitePart.SCHEDULER, SitePart.WORKER)}
    return {part: moment for part, moment in seen.items() if moment is None or moment < clock.now() - SILENT}


def backed_up_at() -> datetime | None:
    """Return when the last backup was made by this site's own command; None if none ever was."""
    return last_seen()[SitePart.BACKUP]


def number_dead() -> int:
    """Count what was given up and waits for staff, up to MOST."""
    return Item.objects.dead()[:MOST].count()


def number_refused() -> int:
    """Count what mail servers refused within the last day, up to MOST."""
    return Item.objects.refused().due_lately()[:MOST].count()


def oldest_due_at() -> datetime | None:
    """Return since when the oldest of what is due has been due; None if nothing is.

    This is one index lookup for each kind: what waits for a later day is not read.
    """
    due: datetime | None = (
        Item.objects.due().filter(kind__in=settings.OUTBOX_HANDLERS).aggregate(Min("due_at"))["due_at__min"]
    )
    return due


def first_of_outage() -> Item | None:
    """Return the oldest mail that waits for its server; it is tried again every few minutes."""
    return Item.objects.due_within(timedelta(minutes=15)).because(OUTAGE).order_by("created_at").first()


def first_without_key() -> Item | None:
    """Return the oldest item that waits because a worker cannot read the folder of keys, or None."""
    return Item.objects.due_within(timedelta(minutes=10)).because(KEYS_AWAY).order_by("created_at").first()


def first_of_shortage() -> Item | None:
    """Return the oldest item that waits for room on the disk or the like, or None; it is tried every few minutes."""
    return Item.objects.due_within(timedelta(minutes=15)).because(SHORTAGE).order_by("created_at").first()


def first_of_fault() -> Item | None:
    """Return the oldest work that this program failed to do; it is tried again after two hours at the latest."""
    return Item.objects.due_within(timedelta(hours=2)).because(FAULT).order_by("created_at").first()


def beyond_budget() -> Waiting:
    """Count the mail that waits for room in a budget. Reminders, which are many, never do."""
    later = Item.objects.waiting().filter(due_at__gt=Now(), reason=BUDGET)
    mine = later.filter(kind__in=[kind for kind in settings.OUTBOX_HANDLERS if not kind.endswith(".reminder")])
    return Waiting(**mine.aggregate(number=Count("pk"), until=Max("due_at")))
