from celery import shared_task

from campaign.supporters import joining, purges


@shared_task(name="campaign.supporters.tasks.purge", time_limit=3600)
def purge() -> None:
    purges.purge_all()


@shared_task(name="campaign.supporters.tasks.join_waiting")
def join_waiting() -> None:
    joining.join_waiting()
