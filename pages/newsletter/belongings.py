"""Issues of the newsletter that somebody who leaves the staff has scheduled (campaign/staff/accounts/departures.py)."""

from collections.abc import Iterator

from django.contrib.auth.models import User
from django.utils.formats import date_format

from campaign.staff.accounts.departures import Begun
from pages.models import Issue
from pages.models.newsletter import IssueQuerySet, IssueState


class ScheduledIssues:
    """They go out at their time all the same. Without a colleague they keep the name of who scheduled them."""

    @staticmethod
    def listed(person: User) -> Iterator[Begun]:
        for issue in issues_of(person):
            when = f", goes out on {date_format(issue.send_at, 'DATETIME_FORMAT')} UTC" if issue.send_at else ""
            yield Begun(f"Newsletter “{issue.subject}”{when}", issue.page)

    @staticmethod
    def permissions(person: User) -> set[str]:
        return {Issue.permission} if issues_of(person).exists() else set()

    @staticmethod
    def hand_over(person: User, *, to: User | None) -> int:
        issues = issues_of(person)
        return issues.update(scheduled_by=to.get_username()) if to else issues.count()


def issues_of(person: User) -> IssueQuerySet:
    return Issue.objects.filter(state=IssueState.SCHEDULED, scheduled_by=person.get_username())
