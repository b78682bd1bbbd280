from celery import shared_task

from petitions import counting, trends


@shared_task(name="petitions.tasks.count")
def count() -> None:
    counting.aggregate()


@shared_task(name="petitions.tasks.forget_trends")
def forget_trends() -> None:
    trends.forget()
