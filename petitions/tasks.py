from celery import shared_task

from petitions import counting


@shared_task(name="petitions.tasks.count")
def count() -> None:
    counting.aggregate()
