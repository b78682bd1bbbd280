from celery import shared_task

from campaign.supporters import purging


@shared_task(name="campaign.supporters.tasks.purge", time_limit=3600)
def purge() -> None:
    purging.purge()
