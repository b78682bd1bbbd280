"""Send an issue: staff start, pause, resume and stop it, lanes in the outbox do the work."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import DateTimeField, F, Value
from django.db.models.functions import Greatest, Now

from campaign import audit
from campaign.outbox import queue
from campaign.staff.dual_control import mails, workflow
from campaign.staff.dual_control.models import Stage
from pages.models import Dispatch, Issue
from pages.models.newsletter import DispatchState, ForbiddenChange, IssueState, TooFewRecipients

LANES = 4
MOST_ATTEMPTS = 6
ABANDONED_AFTER = timedelta(minutes=10)  # longer than we wait for any mail server


@transaction.atomic
def start(issue: Issue, *, by: User | None) -> int:
    """Start sending to its recipients of this moment; return their number. Raises TooFewRecipients."""
    issue.demand_recipients()
    change(issue, IssueState.SENDING, by, begun_at=Now(), send_at=None)
    number = Dispatch.objects.enter(issue)
    open_lanes(issue)
    return number


@transaction.atomic
def schedule(issue: Issue, *, send_at: datetime | None = None, by: User | None) -> None:
    """Announce the issue, and let it wait until `send_at`, or for NEWSLETTER_WAIT_MINUTES if that is later.

    All who may send are told, and each can stop it until it goes out. Raises TooFewRecipients.
    """
    issue.demand_recipients()
    name = by.get_username() if by else ""
    earliest = Now() + timedelta(minutes=settings.NEWSLETTER_WAIT_MINUTES)
    chosen = Greatest(Value(send_at, DateTimeField()), earliest) if send_at else earliest
    announced = {"scheduled_by": name, "announced_text": issue.text_digest(), "stopped_by": "", "stopped_at": None}
    change(issue, IssueState.SCHEDULED, by, send_at=chosen, **announced)
    mails.announce("approved", issue, by=name)


@transaction.atomic
def unschedule(issue: Issue, *, by: User) -> None:
    """Stop what waits: it is a draft again. Raises ForbiddenChange if it has gone out, and PermissionDenied."""
    if not workflow.stop(issue, by=by):
        raise ForbiddenChange(f"{issue.state} -> {IssueState.DRAFT}")
    issue.refresh_from_db()


def start_due() -> int:
    return sum(start_or_stop(issue) for issue in Issue.objects.due())


@transaction.atomic
def start_or_stop(issue: Issue) -> bool:
    """Start an issue that is due; one that is not as it was announced becomes a draft again, and all are told.

    So does one whose segment has become too small.

    Return False then, and if somebody stopped it at this moment.
    """
    waiting = Issue.objects.locked(issue)
    if waiting.stage != Stage.WAITING:
        return False
    if not waiting.is_as_announced:
        workflow.note_stop(waiting, by="", way="text changed")
        return False
    try:
        start(waiting, by=None)
    except TooFewRecipients:
        workflow.note_stop(waiting, by="", way="too few recipients")
        return False
    return True


@transaction.atomic
def pause(issue: Issue, *, by: User | None) -> None:
    """Pause the sending; mails that are being handed over at this moment still go out."""
    change(issue, IssueState.PAUSED, by)


def pause_for_rehearsal(issue_id: int) -> None:
    """Pause what would leave to all subscribers while the site is rehearsed, unless another lane has."""
    with suppress(ForbiddenChange):
        pause(Issue.objects.get(pk=issue_id), by=None)


@transaction.atomic
def resume(issue: Issue, *, by: User | None) -> None:
    """Go on after a pause or a stop, with those who have not got it."""
    change(issue, IssueState.SENDING, by, ended_at=None)
    open_lanes(issue)


@transaction.atomic
def stop(issue: Issue, *, by: User | None) -> None:
    """Stop: those who still wait get nothing unless it is resumed."""
    change(issue, IssueState.STOPPED, by, ended_at=Now())


def change(issue: Issue, state: IssueState, by: User | None, **fields: object) -> None:
    """Change the state and record it in the audit. Raises ForbiddenChange if somebody else was faster."""
    locked = Issue.objects.select_for_update().get(pk=issue.pk)
    locked.change_to(state)
    Issue.objects.filter(pk=issue.pk).update(state=state, **fields)
    audit.note(f"newsletter.{state}", by=by.get_username() if by else "", on=issue)
    issue.refresh_from_db()


def open_lanes(issue: Issue) -> None:
    for _lane in range(LANES):
        queue.put("pages.newsletter", payload={"issue": issue.pk})


@transaction.atomic
def send_test(issue: Issue, *, address: str, language: str, by: User) -> None:
    audit.note("newsletter.test-sent", by=by.get_username(), on=issue, language=language)
    queue.put("pages.newsletter-test", payload={"issue": issue.pk, "language": language}, secret={"address": address})


def settle_dispatch(dispatch: Dispatch, state: DispatchState) -> None:
    """Record the result of an attempt.

    A deferred mail waits twice as long each time, and counts as refused after MOST_ATTEMPTS. What became unknown
    meanwhile stays so.
    """
    if state == DispatchState.WAITING and dispatch.attempts >= MOST_ATTEMPTS:
        state = DispatchState.REFUSED
    due_at = Now() + timedelta(minutes=2**dispatch.attempts)
    Dispatch.objects.taken_as(dispatch).update(state=state, due_at=due_at)


def give_back_dispatch(dispatch: Dispatch, *, after: timedelta = timedelta()) -> None:
    """Return a recipient to the queue, as if not taken, since nothing was tried."""
    waiting: dict[str, Any] = {"state": DispatchState.WAITING, "attempts": F("attempts") - 1}
    if after:
        waiting["due_at"] = Now() + after
    Dispatch.objects.taken_as(dispatch).update(**waiting)


@transaction.atomic
def finish(issue_id: int) -> bool:
    """Finish the issue if nothing is left to do; return whether that is so.

    A mail that a worker was sending when it was lost may or may not have gone out: it becomes unknown.
    """
    mine = Dispatch.objects.filter(issue=issue_id)
    lost = mine.filter(state=DispatchState.SENDING, begun_at__lt=Now() - ABANDONED_AFTER)
    lost.update(state=DispatchState.UNKNOWN)
    if mine.open().exists():
        return False
    Issue.objects.filter(pk=issue_id, state=IssueState.SENDING).update(state=IssueState.SENT, ended_at=Now())
    return True
