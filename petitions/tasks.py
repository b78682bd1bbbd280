from celery import shared_task

from petitions import counting, trends, watch


@shared_task(name="petitions.tasks.count")
def count() -> None:
    counting.aggregate()
    watch.note_milestones()


@shared_task(name="petitions.tasks.check_counts")
def check_counts() -> None:
    watch.check_counts()


@shared_task(name="petitions.tasks.forget_trends")
def forget_trends() -> None:
    trends.forget()
