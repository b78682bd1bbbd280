from celery import shared_task

from campaign.revisions import history
from pages.newsletter import digest, sending
from pages.search import indexing


@shared_task(name="pages.tasks.publish_due")
def publish_due() -> None:
    history.publish_due()


@shared_task(name="pages.tasks.send_due_issues")
def send_due_issues() -> None:
    sending.start_due()


@shared_task(name="pages.tasks.write_digest")
def write_digest() -> None:
    digest.write_if_due()


@shared_task(name="pages.tasks.index_missing")
def index_missing() -> None:
    indexing.index_missing()
