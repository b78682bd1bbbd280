from celery import shared_task

from campaign.protection import allowances


@shared_task(name="campaign.protection.tasks.forget")
def forget() -> None:
    allowances.forget()
