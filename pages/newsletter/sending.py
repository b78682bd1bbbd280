"""Sending an issue: begun, paused, resumed and stopped by staff, done by lanes in the outbox."""

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from campaign import audit
from campaign.outbox import work
from pages.models import Dispatch, Issue
from pages.models.newsletter import DispatchState, IssueState

LANES = 4
MOST_ATTEMPTS = 6
ABANDONED_AFTER = timedelta(minutes=10)  # longer than any mail server is waited for


@transaction.atomic
def start(issue: Issue, *, by: User | None) -> int:
    """The number of recipients: everybody who is a confirmed subscriber at this moment."""
    change(issue, IssueState.SENDING, by, begun_at=Now(), send_at=None)
    number = Dispatch.objects.enter(issue)
    open_lanes(issue)
    return number


@transaction.atomic
def schedule(issue: Issue, *, send_at: datetime, by: User | None) -> None:
    change(issue, IssueState.SCHEDULED, by, send_at=send_at)


@transaction.atomic
def unschedule(issue: Issue, *, by: User | None) -> None:
    change(issue, IssueState.DRAFT, by, send_at=None)


def start_due() -> int:
    due = list(Issue.objects.due())
    for issue in due:
        start(issue, by=None)
    return len(due)


@transaction.atomic
def pause(issue: Issue, *, by: User | None) -> None:
    """Mails that are being handed over at this moment still go out."""
    change(issue, IssueState.PAUSED, by)


@transaction.atomic
def resume(issue: Issue, *, by: User | None) -> None:
    change(issue, IssueState.SENDING, by)
    open_lanes(issue)


@transaction.atomic
def stop(issue: Issue, *, by: User | None) -> None:
    """For good: those who still wait get nothing."""
    change(issue, IssueState.STOPPED, by, ended_at=Now())


def change(issue: Issue, state: IssueState, by: User | None, **fields: object) -> None:
    """Raises ForbiddenChange if somebody else was faster."""
    locked = Issue.objects.select_for_update().get(pk=issue.pk)
    locked.change_to(state)
    Issue.objects.filter(pk=issue.pk).update(state=state, **fields)
    audit.note(f"newsletter.{state}", by=by.get_username() if by else "", on=issue)
    issue.refresh_from_db()


def open_lanes(issue: Issue) -> None:
    for _lane in range(LANES):
        work.put("pages.newsletter", payload={"issue": issue.pk})


@transaction.atomic
def send_test(issue: Issue, *, address: str, language: str, by: User) -> None:
    audit.note("newsletter.test-sent", by=by.get_username(), on=issue, language=language)
    work.put("pages.newsletter-test", payload={"issue": issue.pk, "language": language}, secret={"address": address})


def settle(dispatch: Dispatch, state: DispatchState) -> None:
    """A mail that was deferred waits twice as long each time, and is given up after MOST_ATTEMPTS."""
    if state == DispatchState.WAITING and dispatch.attempts >= MOST_ATTEMPTS:
        state = DispatchState.REFUSED
    due_at = Now() + timedelta(minutes=2**dispatch.attempts)
    Dispatch.objects.filter(pk=dispatch.pk).update(state=state, due_at=due_at)


def give_back(dispatch: Dispatch) -> None:
    """Nothing was tried: it waits as if it had not been taken."""
    waiting = {"state": DispatchState.WAITING, "attempts": F("attempts") - 1}
    Dispatch.objects.filter(pk=dispatch.pk).update(**waiting)


@transaction.atomic
def finish(issue_id: int) -> bool:
    """True if nothing is left to do. What was being sent by a worker that is gone may or may not have gone out."""
    mine = Dispatch.objects.filter(issue=issue_id)
    lost = mine.filter(state=DispatchState.SENDING, begun_at__lt=Now() - ABANDONED_AFTER)
    lost.update(state=DispatchState.UNKNOWN)
    if mine.open().exists():
        return False
    Issue.objects.filter(pk=issue_id, state=IssueState.SENDING).update(state=IssueState.SENT, ended_at=Now())
    return True
