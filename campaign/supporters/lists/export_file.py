"""Take the addresses of subscribers out of the site, only under dual control (campaign/staff/dual_control)."""

from collections.abc import Iterator
from itertools import batched

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F

from campaign.admin.spreadsheets import csv_lines
from campaign.staff.dual_control import workflow
from campaign.supporters.models import Subscriber, SubscriberExport, SubscriberQuerySet

EXPORT_COLUMNS = ["email", "language", "country", "source", "since", "wording"]
EXPORTED_AT_ONCE = 2000


class TooFew(Exception):
    """The segment has fewer people than are ever shown apart from others."""


class SegmentChanged(Exception):
    """The segment was changed after the export of it had been asked for."""


def take(export: SubscriberExport, *, by: User) -> Iterator[bytes]:
    """Return the file, in blocks, for the person who asked or the one who approved.

    Raises SegmentChanged, TooFew, NotOpen, PermissionDenied and NotSettled (campaign/staff/dual_control/workflow.py).
    """
    with transaction.atomic():
        opened = workflow.begin(export, by=by)
        if not export.is_as_asked:
            raise SegmentChanged
        if export.segment and export.segment.is_too_small:
            raise TooFew
        SubscriberExport.objects.filter(pk=opened.pk).update(times_taken=F("times_taken") + 1)
        workflow.record("taken", opened, by=by)
    return write_csv(export)


def write_csv(export: SubscriberExport) -> Iterator[bytes]:
    """Yield the file in blocks of whole lines, so that memory stays flat."""
    yield "\ufeff".encode()  # by which spreadsheets know that it is UTF-8
    for lines in batched(csv_lines(EXPORT_COLUMNS, export_rows(export.subscribers())), EXPORTED_AT_ONCE):
        yield "".join(lines).encode()


def export_rows(subscribers: SubscriberQuerySet) -> Iterator[list[str]]:
    """Yield them slice by slice: a download may take long, and no transaction is open meanwhile."""
    ordered, last = subscribers.select_related("source", "consent").order_by("pk"), 0
    while found := list(ordered.filter(pk__gt=last)[:EXPORTED_AT_ONCE]):
        yield from map(cells, found)
        last = found[-1].pk


def cells(subscriber: Subscriber) -> list[str]:
    source = subscriber.source.name if subscriber.source else ""
    since = subscriber.confirmed_at.date().isoformat() if subscriber.confirmed_at else ""
    return [str(subscriber.address), subscriber.language, subscriber.country, source, since, subscriber.consent.wording]
