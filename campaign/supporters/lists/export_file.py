"""Take the addresses of subscribers out of the site, only under dual control (campaign/staff/dual_control)."""

import csv
import io
import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import F

from campaign.admin.spreadsheets import harmless
from campaign.staff.dual_control import workflow
from campaign.supporters.models import SMALLEST_SEGMENT, SubscriberExport

COLUMNS = ["email", "language", "country", "source", "since", "wording"]
ROWS_PER_BLOCK = 500


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
        if export.segment and export.subscribers()[:SMALLEST_SEGMENT].count() < SMALLEST_SEGMENT:
            raise TooFew
        SubscriberExport.objects.filter(pk=opened.pk).update(times_taken=F("times_taken") + 1)
        workflow.record("taken", opened, by=by)
    return write_csv(export)


def write_csv(export: SubscriberExport) -> Iterator[bytes]:
    """Yield the file in blocks of whole lines.

    Memory stays flat; the transaction is open until the last block is taken.
    """
    yield "\ufeff".encode() + as_csv([COLUMNS])
    rows = (
        export.subscribers()
        .order_by("pk")
        .values_list("address", "language", "country", "source__name", "confirmed_at", "consent__wording")
    )
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout TO 0")  # the download may take as long as it needs
        for some in itertools.batched(rows.iterator(ROWS_PER_BLOCK), ROWS_PER_BLOCK):
            yield as_csv(map(cells, some))


def cells(row: tuple[Any, ...]) -> list[str]:
    address, language, country, source, since, wording = row
    return [harmless(address), language, country, harmless(source or ""), since.date().isoformat(), harmless(wording)]


def as_csv(rows: Iterable[list[str]]) -> bytes:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue().encode()
