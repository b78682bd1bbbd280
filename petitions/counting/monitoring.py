"""What nobody should have to look for: milestones that are reached, and counts that are not what the rows say."""

from dataclasses import asdict

from django.db import transaction
from django.db.models.functions import Now

from campaign import audit
from petitions.counting import mails, recount
from petitions.models import CountCheck, Milestone, Petition
from petitions.models.milestone import FIRST_MILESTONES

KEPT_DIFFERENCES = 1000


def add_first_milestones(petition: Petition) -> None:
    Milestone.objects.bulk_create(
        [Milestone(petition=petition, count=count) for count in FIRST_MILESTONES], ignore_conflicts=True
    )


@transaction.atomic
def note_milestones() -> int:
    """Note what was reached since the last time, each once for ever; how many."""
    passed = list(Milestone.objects.passed().select_for_update(of=("self",), skip_locked=True))
    for milestone in passed:
        Milestone.objects.filter(pk=milestone.pk).update(reached_at=Now())
        audit.note("milestone.reached", by="", on=f"petitions.petition {milestone.petition_id}", count=milestone.count)
        mails.tell_staff(mails.MILESTONE, milestone=milestone.pk)
    return len(passed)


@transaction.atomic
def check_counts() -> CountCheck:
    """Compare every count with the rows; count anew, record and tell staff if one is wrong."""
    found = recount.differences()
    kept = [asdict(difference) for difference in found[:KEPT_DIFFERENCES]]
    check = CountCheck.objects.create(number=len(found), differences=kept)
    if found:
        recount.recount()
        audit.note("counts.mended", by="", on=check, number=len(found))
        mails.tell_staff(mails.DIFFERENCES, check=check.pk)
    return check


def mend_counts() -> int:
    """Check all counts (manage.py reconcile); how many were wrong. Cost grows with all signatures: some seconds for
    a million."""
    return check_counts().number
