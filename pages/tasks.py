from celery import shared_task

from campaign.revisions import history
from pages.newsletter import sending


@shared_task(name="pages.tasks.publish_due")
def publish_due() -> None:
    history.publish_due()


@shared_task(name="pages.tasks.send_due_issues")
def send_due_issues() -> None:
    sending.start_due()
