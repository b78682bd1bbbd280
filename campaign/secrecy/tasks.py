from celery import shared_task

from campaign.secrecy.periods import rotation


@shared_task(name="campaign.secrecy.tasks.tend_periods")
def tend_periods() -> None:
    rotation.tend()
