"""`manage.py relay`: the process that passes work from the outbox to Celery. Any number of them may run."""

import logging
import signal
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from kombu.exceptions import OperationalError

from campaign.journal import journal, recovery
from campaign.outbox import relay
from campaign.outbox.heartbeats import SitePart, record_heartbeat
from campaign.outbox.maintenance import sweep
from campaign.performance.postgresql.base import DatabaseWrapper, leave_unusable

logger = logging.getLogger("campaign.outbox.relay")

PAUSE_SECONDS = 0.2  # long enough for batches to gather, since one item at a time costs several times as much
FULL = 100  # as many at once mean that more are waiting
FAULT_SECONDS = 2.0
SWEEP_SECONDS = 5.0
BEAT_SECONDS = 60.0


class Command(BaseCommand):
    help = "Publish due outbox items to Celery, and recover those whose lease ran out, until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        DatabaseWrapper.limits_waiting = True
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        swept_at = beaten_at = float("-inf")
        while not stop.is_set():
            if time.monotonic() - swept_at > SWEEP_SECONDS:
                swept_at = time.monotonic()
                self.turn(compare, stop)
                self.turn(sweep.sweep, stop)
            if time.monotonic() - beaten_at > BEAT_SECONDS:
                beaten_at = time.monotonic()
                journal.heartbeat()
            record_heartbeat(SitePart.RELAY)
            if self.turn(relay.relay, stop) < FULL:
                stop.wait(PAUSE_SECONDS)

    def turn(self, step: Any, stop: threading.Event) -> int:
        """Do one step; wait a little if the database or Redis is away. Return the number of items, 0 after a fault.

        A database that takes no writes any more is left first.
        """
        try:
            leave_unusable(connection)
            return int(step())
        except (DatabaseError, OperationalError, OSError) as error:
            logger.error("%s waits: %s", step.__name__, type(error).__name__)
            connection.close()
            stop.wait(FAULT_SECONDS)
            return 0


def compare() -> int:
    """Look whether the database is older than the journal, before anything is published from it."""
    return recovery.look().number
