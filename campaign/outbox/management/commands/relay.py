"""`manage.py relay`: the process that carries work from the outbox to Celery. Any number of them may run."""

import logging
import signal
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from kombu.exceptions import OperationalError

from campaign.outbox import relay, sweeping

logger = logging.getLogger("campaign.outbox.relay")

PAUSE_SECONDS = 0.2  # in which enough comes together for batches: one by one costs several times as much
FULL = 100  # so many at once mean that more are waiting
FAULT_SECONDS = 2.0
SWEEP_SECONDS = 5.0


class Command(BaseCommand):
    help = "Publishes due outbox items to Celery, and finds those whose lease ran out, until it is stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        swept_at = 0.0
        while not stop.is_set():
            if time.monotonic() - swept_at > SWEEP_SECONDS:
                swept_at = time.monotonic()
                self.turn(sweeping.sweep, stop)
            if self.turn(relay.relay, stop) < FULL:
                stop.wait(PAUSE_SECONDS)

    def turn(self, step: Any, stop: threading.Event) -> int:
        """One step; a database or Redis that is away is waited for."""
        try:
            return int(step())
        except (DatabaseError, OperationalError, OSError) as error:
            logger.error("%s waits: %s", step.__name__, type(error).__name__)
            connection.close()
            stop.wait(FAULT_SECONDS)
            return 0
