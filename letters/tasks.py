from contextlib import suppress

from celery import shared_task

from letters.delivery import inbound
from letters.delivery.channels.congress import configuration, offices, turns
from letters.public import statistics
from letters.submission import likeness


@shared_task(name="letters.tasks.release")
def release() -> None:
    """About once a second."""
    for system in configuration.SYSTEMS:
        with suppress(configuration.NotConfigured):
            turns.tick(system)


@shared_task(name="letters.tasks.refresh_offices")
def refresh_offices() -> None:
    """About once an hour."""
    for system in configuration.SYSTEMS:
        with suppress(configuration.NotConfigured):
            offices.refresh(system)


@shared_task(name="letters.tasks.recount")
def recount() -> None:
    """About once a minute."""
    statistics.recount_letters()


@shared_task(name="letters.tasks.measure_likeness")
def measure_likeness() -> None:
    """Once a day."""
    likeness.measure_all()


@shared_task(name="letters.tasks.read_inbox")
def read_inbox() -> None:
    """Every few minutes."""
    inbound.read()
