from celery import shared_task

from campaign.audit import chain


@shared_task(name="campaign.audit.tasks.link_entries")
def link_entries() -> None:
    chain.link_waiting()
