from celery import shared_task

from pages import history


@shared_task(name="pages.tasks.publish_due")
def publish_due() -> None:
    history.publish_due()
