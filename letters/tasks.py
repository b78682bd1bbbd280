from celery import shared_task

from letters.delivery import inbound
from letters.delivery.channels.senate import configuration, offices, turns
from letters.public import statistics
from letters.submission import likeness


@shared_task(name="letters.tasks.release")
def release() -> None:
    """About once a second."""
    try:
        turns.tick()
    except configuration.NotConfigured:
        return


@shared_task(name="letters.tasks.refresh_offices")
def refresh_offices() -> None:
    """About once an hour."""
    try:
        offices.refresh()
    except configuration.NotConfigured:
        return


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
