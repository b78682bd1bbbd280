from celery import shared_task

from campaign.outbox import execution


@shared_task(name="campaign.outbox.tasks.execute")
def execute(kind: str, pairs: list[tuple[int, int]]) -> None:
    execution.execute(kind, [(pk, token) for pk, token in pairs])
