"""Jobs that no outbox item carries, and counts that differ from the rows (manage.py reconcile)."""

from django.db import transaction

from campaign.outbox import work
from campaign.outbox.models import Item
from petitions import watch
from petitions.deciding import DECISION
from petitions.models import BatchState, Decision, PaperBatch
from petitions.paper.undoing import UNDO
from petitions.paper.uploads import IMPORT

PAPER_WORK = {BatchState.LOADING: IMPORT, BatchState.UNDOING: UNDO}


@transaction.atomic
def go_on_with_decisions() -> int:
    jobs = Decision.objects.moving().select_for_update()
    return sum(put_if_missing(DECISION, decision=job.pk) for job in jobs)


@transaction.atomic
def go_on_with_paper() -> int:
    """What the command line loads has no parts, and goes on when the command is given again."""
    batches = PaperBatch.objects.filter(state__in=PAPER_WORK).select_for_update()
    mine = [batch for batch in batches if batch.state == BatchState.UNDOING or batch.parts.exists()]
    return sum(put_if_missing(PAPER_WORK[BatchState(batch.state)], batch=batch.pk) for batch in mine)


def mend_counts() -> int:
    """Cost grows with all signatures: some seconds for a million."""
    return watch.check_counts().number


def put_if_missing(kind: str, **payload: int) -> bool:
    is_missing = not Item.objects.filter(kind=kind, payload=payload).exists()
    if is_missing:
        work.put(kind, payload=payload)
    return is_missing
