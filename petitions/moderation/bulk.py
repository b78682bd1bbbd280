"""Deciding on many signatures by a filter: first a number, then the deed, in slices, as work of the outbox.

A slice is one transaction: states, count events and progress are recorded together, so that a worker that dies has
changed nothing or all of it, and the next goes on behind it. Each decision can be taken back.
"""

from collections.abc import Iterator
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, Max

from campaign import audit
from campaign.outbox import queue
from campaign.outbox.handlers import Item
from campaign.outbox.slow_work.sliced import SlicedHandler
from petitions.models import Decision, JobState, Signature, State
from petitions.models.moderation.decision import Act, Touched
from petitions.models.signature import HoldReason, SignatureQuerySet
from petitions.moderation import groups
from petitions.moderation.decisions import give_back, locked, move

DECISION = "petitions.decision"
SLICE = 2000
RESULT = {Act.INVALIDATE: State.INVALIDATED, Act.RELEASE: State.CONFIRMED}


@transaction.atomic
def propose(job: Decision, *, by: str) -> Decision:
    """Save the filter and have it counted. Nothing else happens before `start`."""
    job.made_by = by
    if job.act == Act.RELEASE or job.trace:
        job.touched = Touched.HELD
    job.last_id = Signature.objects.aggregate(last=Max("pk"))["last"] or 0
    job.save()
    facts = {**job.conditions(), "group": job.trace.partition(":")[0]} if job.trace else job.conditions()
    audit.note(f"{job.act}.proposed", by=by, on=job, why=job.why, touched=job.touched, **facts)
    queue.put(DECISION, subject=job.pk, payload={"decision": job.pk})
    return job


@transaction.atomic
def start(job: Decision, *, by: str) -> bool:
    return become(job, JobState.RUNNING, by=by, is_work=True)


@transaction.atomic
def cancel(job: Decision, *, by: str) -> bool:
    """Stop where it is; what was done stays so until it is undone."""
    return become(job, JobState.CANCELLED, by=by)


@transaction.atomic
def undo_job(job: Decision, *, by: str) -> bool:
    """Give every signature that this job changed the state that it had."""
    return become(job, JobState.UNDOING, by=by, is_work=True)


@transaction.atomic
def go_on(job: Decision, *, by: str) -> bool:
    """Have a worker try again what was given up; False if nothing was."""
    if not Decision.objects.stuck().filter(pk=job.pk).update(problem=""):
        return False
    audit.note(f"{job.act}.tried-again", by=by, on=job, state=job.state)
    if not queue.retry_subject([DECISION], job.pk):
        queue.put(DECISION, subject=job.pk, payload={"decision": job.pk})
    return True


def become(job: Decision, state: JobState, *, by: str, is_work: bool = False) -> bool:
    """False if the table of states does not allow it now, or there is nothing to do."""
    if not Decision.objects.select_for_update(of=("self",)).get(pk=job.pk).may_become(state):
        return False
    Decision.objects.filter(pk=job.pk).update(state=state, problem="")
    job.refresh_from_db()
    audit.note(f"{job.act}.{state}", by=by, on=job, found=job.expected, done=job.done, undone=job.undone)
    if is_work:
        queue.put(DECISION, subject=job.pk, payload={"decision": job.pk})
    return True


@transaction.atomic
def do_step(pk: int) -> bool:
    """One slice of whatever the job's state asks for; whether there is more to do."""
    job = Decision.objects.select_for_update().get(pk=pk)
    slices = {JobState.COUNTING: count, JobState.RUNNING: do_slice, JobState.UNDOING: undo_slice}
    work_on = slices.get(JobState(job.state))
    return work_on(job) if work_on else False


def chosen(job: Decision) -> SignatureQuerySet:
    found = Signature.objects.filter(**job.conditions(), pk__lte=job.last_id, state__in=job.states)
    return found.filter(pk__in=groups.members(job.trace)) if job.trace else found


def count(job: Decision) -> bool:
    found: dict[str, dict[str, int]] = {}
    for state, country, number in chosen(job).values_list("state", "country").annotate(Count("pk")).order_by("country"):
        found.setdefault(state, {})[country] = number
    job.found, job.expected = found, sum(sum(countries.values()) for countries in found.values())
    job.state = JobState.READY
    job.save(update_fields=["found", "expected", "state"])
    return False


def do_slice(job: Decision) -> bool:
    signatures = locked(chosen(job).filter(pk__gt=job.cursor), SLICE)
    if job.act == Act.RELEASE:
        move(signatures, State.CONFIRMED, hold_reason="", decision=job)
    else:
        move(signatures, State.INVALIDATED, decision=job)
    job.done += len(signatures)
    job.cursor = signatures[-1].pk if signatures else job.cursor
    return saved(job, JobState.DONE, is_last=len(signatures) < SLICE)


def undo_slice(job: Decision) -> bool:
    signatures = locked(Signature.objects.filter(state=RESULT[Act(job.act)], decision=job), SLICE)
    if job.act == Act.RELEASE:
        move(signatures, State.HELD, hold_reason=HoldReason.RETURNED, decision=None)
    else:
        give_back(signatures)
    job.undone += len(signatures)
    return saved(job, JobState.UNDONE, is_last=len(signatures) < SLICE)


def saved(job: Decision, end: JobState, *, is_last: bool) -> bool:
    job.save(update_fields=["done", "undone", "cursor"])
    if is_last:
        become(job, end, by=job.made_by)
    return not is_last


class DecisionHandler(SlicedHandler):
    lease = timedelta(minutes=2)
    turn_seconds = 15

    def steps(self, item: Item) -> Iterator[None]:
        Decision.objects.stuck().filter(pk=item.payload["decision"]).update(problem="")  # staff tried it again
        while do_step(item.payload["decision"]):
            yield

    def exhausted(self, item: Item, reason: str) -> None:
        Decision.objects.moving().filter(pk=item.payload["decision"]).update(problem=reason)


@transaction.atomic
def put_missing_work() -> int:
    """Put the work of jobs that no outbox item carries (manage.py reconcile); how many there were."""
    jobs = Decision.objects.moving().select_for_update()
    return sum(queue.put_missing(DECISION, subject=job.pk, payload={"decision": job.pk}) for job in jobs)
