"""Invalidation by filter: first a number, then the deed, in slices, as work of the outbox; each can be undone.

A slice is one transaction: states, count events and progress are recorded together, so that a worker that dies has
changed nothing or all of it, and the next goes on behind it.
"""

import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import groupby

from django.db import transaction
from django.db.models import Count, Max

from campaign import audit
from campaign.outbox import work
from campaign.outbox.handlers import Done, Handler, Item, Outcome, Retry
from petitions.models import Invalidation, JobState, Signature, State
from petitions.models.signature import SignatureQuerySet
from petitions.moderating import former, locked, move

INVALIDATION = "petitions.invalidation"
SLICE = 2000
SECONDS = 15  # of one turn; then others may have the worker
LIVING = [State.PENDING, State.CONFIRMED, State.HELD]


@transaction.atomic
def propose(job: Invalidation, *, by: str) -> Invalidation:
    """Save the filter and have it counted. Nothing else happens before `start`."""
    job.made_by = by
    job.last_id = Signature.objects.aggregate(last=Max("pk"))["last"] or 0
    job.save()
    audit.note("invalidation.proposed", by=by, on=job, why=job.why, touched=job.touched, **job.conditions())
    work.put(INVALIDATION, payload={"invalidation": job.pk})
    return job


@transaction.atomic
def start(job: Invalidation, *, by: str) -> bool:
    return become(job, JobState.RUNNING, by=by, is_work=True)


@transaction.atomic
def cancel(job: Invalidation, *, by: str) -> bool:
    """Stop where it is; what was invalidated stays so until it is undone."""
    return become(job, JobState.CANCELLED, by=by)


@transaction.atomic
def undo(job: Invalidation, *, by: str) -> bool:
    """Give every signature that this job invalidated the state that it had."""
    return become(job, JobState.UNDOING, by=by, is_work=True)


def become(job: Invalidation, state: JobState, *, by: str, is_work: bool = False) -> bool:
    """False if the table of states does not allow it now."""
    if not Invalidation.objects.changeable_to(state).filter(pk=job.pk).update(state=state):
        return False
    job.refresh_from_db()
    audit.note(f"invalidation.{state}", by=by, on=job, found=job.expected, done=job.done, undone=job.undone)
    if is_work:
        work.put(INVALIDATION, payload={"invalidation": job.pk})
    return True


def chosen(job: Invalidation) -> SignatureQuerySet:
    states = [job.touched] if job.touched else LIVING
    return Signature.objects.filter(**job.conditions(), pk__lte=job.last_id, state__in=states)


def step(pk: int) -> bool:
    """One slice of whatever the job's state asks for; whether there is more to do."""
    with transaction.atomic():
        job = Invalidation.objects.select_for_update().get(pk=pk)
        slices = {JobState.COUNTING: count, JobState.RUNNING: invalidate_slice, JobState.UNDOING: undo_slice}
        work_on = slices.get(JobState(job.state))
        return work_on(job) if work_on else False


def count(job: Invalidation) -> bool:
    found: dict[str, dict[str, int]] = {}
    for state, country, number in chosen(job).values_list("state", "country").annotate(Count("pk")).order_by("country"):
        found.setdefault(state, {})[country] = number
    job.found, job.expected = found, sum(sum(countries.values()) for countries in found.values())
    job.state = JobState.READY
    job.save(update_fields=["found", "expected", "state"])
    return False


def invalidate_slice(job: Invalidation) -> bool:
    signatures = locked(chosen(job).filter(pk__gt=job.cursor), SLICE)
    move(signatures, State.INVALIDATED, invalidation=job)
    job.done += len(signatures)
    job.cursor = signatures[-1].pk if signatures else job.cursor
    return saved(job, JobState.DONE, is_last=len(signatures) < SLICE)


def undo_slice(job: Invalidation) -> bool:
    signatures = locked(Signature.objects.invalidated().filter(invalidation=job), SLICE)
    for state, group in groupby(sorted(signatures, key=former), key=former):
        move(list(group), state, invalidation=None)
    job.undone += len(signatures)
    return saved(job, JobState.UNDONE, is_last=len(signatures) < SLICE)


def saved(job: Invalidation, end: JobState, *, is_last: bool) -> bool:
    job.save(update_fields=["done", "undone", "cursor"])
    if is_last:
        become(job, end, by=job.made_by)
    return not is_last


class InvalidationHandler(Handler):
    batch_size = 1
    lease = timedelta(minutes=2)

    def run(self, items: Sequence[Item]) -> Iterator[tuple[Item, Outcome]]:
        for item in items:
            yield item, turn(item.payload["invalidation"])


def turn(pk: int) -> Outcome:
    ends_at = time.monotonic() + SECONDS
    while step(pk):
        if time.monotonic() > ends_at:
            return Retry("the next slice", after=timedelta(milliseconds=1), is_spent=False)
    return Done()
