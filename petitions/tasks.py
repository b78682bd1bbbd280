from celery import shared_task

from petitions.counting import events, monitoring, trends
from petitions.moderation import groups


@shared_task(name="petitions.tasks.count")
def count() -> None:
    events.aggregate()
    monitoring.note_milestones()


@shared_task(name="petitions.tasks.check_counts")
def check_counts() -> None:
    monitoring.check_counts()


@shared_task(name="petitions.tasks.forget_trends")
def forget_trends() -> None:
    trends.delete_old_trends()
    groups.forget()
