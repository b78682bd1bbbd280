from celery import shared_task

from campaign.protection import allowances, meters


@shared_task(name="campaign.protection.tasks.forget")
def forget() -> None:
    allowances.forget()
    meters.forget()
