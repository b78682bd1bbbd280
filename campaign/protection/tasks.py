from celery import shared_task

from campaign.protection.limits import leaky_bucket, rate_limits


@shared_task(name="campaign.protection.tasks.forget")
def forget() -> None:
    rate_limits.forget()
    leaky_bucket.forget()
