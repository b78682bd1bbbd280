"""The Celery application, which executes what is in the outbox (docs/architecture.md), and its scheduler.

Both go by the database's clock. Celery compares the clock of the machine that sends with that of the machine that
works: if they were ninety seconds apart, no tick would ever be accepted. A schedule that was stored by a clock running
ahead would stand still until that time.
"""

import os
import time
from copy import copy
from datetime import datetime, timedelta
from typing import Any

from celery import Celery, Task
from celery.beat import PersistentScheduler, ScheduleEntry
from django.db import DatabaseError
from kombu.transport.redis import QoS

from campaign.database import clock
from campaign.outbox.heartbeats import SitePart, record_heartbeat
from campaign.performance.postgresql.base import DatabaseWrapper

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign.settings")

HEADER = "worthless_from"
DATABASE_AWAY = 2.0  # seconds between two tries


class Tick(Task):
    """A task that is skipped if its tick has expired; called without a scheduler it always runs.

    Each that begins shows that a worker is at work: there is one every second.
    """

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        record_heartbeat(SitePart.WORKER)
        end = self.request.get(HEADER)
        if end and datetime.fromisoformat(end) < clock.now():
            return None
        return super().__call__(*args, **kwargs)


class Application(Celery):
    task_cls = "campaign.celery:Tick"

    def now(self) -> datetime:
        """Return the time that schedules go by; wait for the database, since nothing could be done without it."""
        while True:
            try:
                return clock.now()
            except DatabaseError:
                time.sleep(DATABASE_AWAY)


class DatabaseClockEntry(ScheduleEntry):
    def is_due(self) -> Any:
        """Return whether it is due; a last run in the future was recorded by a wrong clock, and is counted as now."""
        now = self.default_now()
        self.last_run_at = min(self.last_run_at or now, now)
        return super().is_due()


class Scheduler(PersistentScheduler):
    Entry = DatabaseClockEntry

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        DatabaseWrapper.limits_waiting = True
        super().__init__(*args, **kwargs)

    def apply_async(self, entry: ScheduleEntry, *args: Any, **kwargs: Any) -> Any:
        """Send a task, with the `expires` of its schedule turned into a time by the database's clock."""
        record_heartbeat(SitePart.SCHEDULER)
        sent, options = copy(entry), dict(entry.options or {})
        if lifetime := options.pop("expires", None):
            end = self.app.now() + timedelta(seconds=lifetime)
            options["headers"] = {HEADER: end.isoformat()}
        sent.options = options
        return super().apply_async(sent, *args, **kwargs)


app = Application("campaign")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# The outbox holds what a worker had in hand. Kombu 5.7 would put it back into a Redis that may be gone, which ends the
# worker with an AttributeError (kombu.transport.redis.QoS.restore_unacked).
QoS.restore_at_shutdown = False
