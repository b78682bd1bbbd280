"""When each part of the site was last at work, so that staff and monitoring see which one stands still.

    record_heartbeat(SitePart.RELAY)     cheap: a process writes once in ten seconds
    monitoring.last_seen()               by part

The table has one row for each part, whichever of several machines was seen last.
"""

import logging

from django.db import DatabaseError, connection
from django.db.models import TextChoices

from campaign.database import clock
from campaign.translation import for_staff_lazy

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 10.0  # seconds
RECORD = """
    INSERT INTO outbox_heartbeat (part, seen_at) VALUES (%s, now())
    ON CONFLICT (part) DO UPDATE SET seen_at = excluded.seen_at
"""


class SitePart(TextChoices):
    """What must be at work for mail and letters to go out, and for nothing to be lost; words for staff."""

    RELAY = "relay", for_staff_lazy("relay")
    SCHEDULER = "scheduler", for_staff_lazy("scheduler")
    WORKER = "worker", for_staff_lazy("workers")
    MAIL_SERVER = "mail_server", for_staff_lazy("mail server")
    BACKUP = "backup", for_staff_lazy("backup")


class Beats:
    """When this process last said so, by its own counter."""

    last: dict[SitePart, float] = {}


def record_heartbeat(part: SitePart) -> None:
    """Record that a part is at work. Whatever it was doing goes on if the database cannot record it.

    Django's cursor is bypassed, so that this does not count among the caller's queries.
    """
    if clock.counter() - Beats.last.get(part, float("-inf")) < HEARTBEAT_SECONDS:
        return
    Beats.last[part] = clock.counter()
    try:
        connection.ensure_connection()
        with connection.wrap_database_errors, connection.connection.cursor() as cursor:
            cursor.execute(RECORD, [part])
    except DatabaseError as error:
        logger.warning("%s was not recorded as at work: %s", part, type(error).__name__)
