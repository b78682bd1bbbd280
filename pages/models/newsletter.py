"""Issues of the newsletter, and the ledger of whom each was sent to."""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import connection, models
from django.db.models import Count, Exists, JSONField, OuterRef, Q, Value
from django.db.models.functions import Now
from django.utils.safestring import SafeString

from campaign.staff.dual_control.models import Stage, Stoppable, StoppableQuerySet
from campaign.supporters.models import Segment, Subscriber, SubscriberState
from campaign.supporters.models.subscriber import SubscriberQuerySet
from campaign.translation import for_staff, for_staff_lazy
from pages.publishing.plaintext import absolute_links, html_to_text
from pages.publishing.richtext import RichTextField
from pages.publishing.translatable import Translatable


class IssueState(models.TextChoices):
    DRAFT = "draft", for_staff_lazy("draft")
    SCHEDULED = "scheduled", for_staff_lazy("scheduled")
    SENDING = "sending", for_staff_lazy("being sent")
    PAUSED = "paused", for_staff_lazy("paused")
    SENT = "sent", for_staff_lazy("sent")
    STOPPED = "stopped", for_staff_lazy("stopped")


# From state to the states it may change to; anything else raises ForbiddenChange.
ISSUE_CHANGES = {
    IssueState.DRAFT: {IssueState.SCHEDULED, IssueState.SENDING},
    IssueState.SCHEDULED: {IssueState.DRAFT, IssueState.SENDING},
    IssueState.SENDING: {IssueState.PAUSED, IssueState.SENT, IssueState.STOPPED},
    IssueState.PAUSED: {IssueState.SENDING, IssueState.STOPPED},
    IssueState.SENT: set(),
    IssueState.STOPPED: {IssueState.SENDING},
}


class ForbiddenChange(Exception):
    """A state that this issue cannot change to."""


class TooFewRecipients(Exception):
    """The segment has fewer people than an issue is ever sent to."""


class IssueQuerySet(StoppableQuerySet["Issue"]):
    def due(self) -> Self:
        return self.filter(state=IssueState.SCHEDULED, send_at__lte=Now())

    def with_unknown(self) -> Self:
        """Recent ones of which some recipients may have got nothing."""
        unknown = Dispatch.objects.filter(issue=OuterRef("pk"), state=DispatchState.UNKNOWN)
        return self.filter(ended_at__gt=Now() - timedelta(days=14)).filter(Exists(unknown))

    def begun(self) -> Self:
        return self.exclude(state__in=[IssueState.DRAFT, IssueState.SCHEDULED])


class Issue(Stoppable, Translatable):
    permission = "pages.send_issue"
    warning = for_staff_lazy("What has gone out to the subscribers cannot be called back.")
    parts = ()
    translatable = ("subject", "body")

    subject = models.CharField(
        for_staff_lazy("subject"), max_length=150, help_text=for_staff_lazy("What is in it, in a few words.")
    )
    body = RichTextField(
        for_staff_lazy("text"),
        help_text=for_staff_lazy(
            "Plain mails are read most: short paragraphs, one link each. The foot with the way to unsubscribe is added."
        ),
    )
    segment = models.ForeignKey(
        Segment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=for_staff_lazy(
            "To whom it goes; leave it empty for all subscribers. A segment of fewer than ten gets nothing."
        ),
    )
    only_in = models.JSONField(
        default=list, db_default=Value([], JSONField()), editable=False
    )  # languages, of a digest
    state = models.CharField(
        for_staff_lazy("state"), max_length=10, choices=IssueState, default=IssueState.DRAFT, editable=False
    )
    send_at = models.DateTimeField(for_staff_lazy("send at"), null=True, blank=True, editable=False)
    scheduled_by = models.CharField(
        for_staff_lazy("scheduled by"), max_length=150, blank=True, default="", db_default="", editable=False
    )
    announced_text = models.BinaryField(null=True, editable=False)  # a digest: nothing else goes out at that time
    begun_at = models.DateTimeField(for_staff_lazy("sending began"), null=True, editable=False)
    ended_at = models.DateTimeField(for_staff_lazy("sending ended"), null=True, editable=False)
    created_at = models.DateTimeField(for_staff_lazy("created at"), db_default=Now(), editable=False)

    objects = IssueQuerySet.as_manager()

    class Meta:
        verbose_name = for_staff_lazy("newsletter issue")
        verbose_name_plural = for_staff_lazy("newsletter")
        ordering = ["-id"]
        permissions = [("send_issue", "Can send the newsletter")]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_open(self) -> bool:
        """Whether staff may change the text; not while it waits, as the others were told of it as it is."""
        return self.state == IssueState.DRAFT

    @property
    def title(self) -> str:
        return for_staff("Newsletter to %(readers)s: %(subject)s") % {"readers": self.readers, "subject": self.subject}

    @property
    def summary(self) -> str:
        if self.only_in:
            return for_staff("The site sends its weekly digest, “%(subject)s”, to the subscribers.") % {
                "subject": self.subject
            }
        return for_staff("%(scheduled_by)s sends the newsletter “%(subject)s” to %(readers)s.") % {
            "scheduled_by": self.scheduled_by,
            "subject": self.subject,
            "readers": self.readers,
        }

    @property
    def readers(self) -> str:
        return (
            for_staff("the subscribers in “%(segment)s”") % {"segment": self.segment}
            if self.segment
            else for_staff("all subscribers")
        )

    def recipients(self) -> SubscriberQuerySet:
        """Return who would get it now; a digest goes to those alone in whose language there is news."""
        found = self.segment.subscribers() if self.segment else Subscriber.objects.confirmed()
        return found.filter(language__in=self.only_in) if self.only_in else found

    def demand_recipients(self) -> None:
        """Raise TooFewRecipients for a segment of fewer than ten."""
        if self.segment and self.segment.is_too_small:
            raise TooFewRecipients

    @property
    def opens_at(self) -> datetime | None:
        return self.send_at

    @property
    def stage(self) -> Stage:
        if self.state == IssueState.SCHEDULED:
            return Stage.WAITING
        return Stage.STOPPED if self.state == IssueState.DRAFT and self.stopped_at else Stage.DONE

    @property
    def preview(self) -> SafeString:
        """The text, in the reader's language if it is written in it."""
        text: SafeString = absolute_links(self.local.body)
        return text

    @property
    def plain_preview(self) -> str:
        return html_to_text(self.preview)

    def unset_by_stop(self) -> dict[str, Any]:
        return {"state": IssueState.DRAFT, "send_at": None}

    @property
    def is_as_announced(self) -> bool:
        """Whether the text is the announced one; a release without announcements has left no digest."""
        return self.announced_text is None or bytes(self.announced_text) == self.text_digest()

    def text_digest(self) -> bytes:
        """Return 32 bytes by which a change of what subscribers would read, or of who they are, is noticed."""
        told = [self.subject, self.body, self.translations, *([self.only_in] if self.only_in else [])]
        text = json.dumps([*told, self.segment.definition()] if self.segment else told, sort_keys=True)
        return hashlib.sha256(text.encode()).digest()

    def change_to(self, state: IssueState) -> None:
        """Set the state; raises ForbiddenChange where CHANGES does not allow it. The caller saves."""
        if state not in ISSUE_CHANGES[IssueState(self.state)]:
            raise ForbiddenChange(f"{self.state} -> {state}")
        self.state = state


class DispatchState(models.TextChoices):
    WAITING = "waiting", for_staff_lazy("waiting")
    SENDING = "sending", for_staff_lazy("on its way")
    SENT = "sent", for_staff_lazy("sent")
    SKIPPED = (
        "skipped",
        for_staff_lazy("left out"),
    )  # unsubscribed or suppressed meanwhile, or no mail can be written to it
    REFUSED = "refused", for_staff_lazy("refused")
    UNKNOWN = "unknown", for_staff_lazy("may have been sent")


# Those who are its recipients when the sending begins, each once.
ENTER = """
    INSERT INTO pages_dispatch (issue_id, subscriber_id, state, attempts, due_at)
    SELECT %s, pk, 'waiting', 0, statement_timestamp() FROM ({recipients}) AS chosen
    ON CONFLICT DO NOTHING
"""

TAKE_DISPATCH = """
    UPDATE pages_dispatch SET state = 'sending', attempts = attempts + 1, begun_at = statement_timestamp()
    WHERE id = (
        SELECT d.id FROM pages_dispatch d JOIN pages_issue i ON i.id = d.issue_id
        WHERE d.issue_id = %s AND d.state = 'waiting' AND d.due_at <= statement_timestamp() AND i.state = 'sending'
        ORDER BY d.id LIMIT 1 FOR UPDATE OF d SKIP LOCKED
    )
    RETURNING id
"""


class DispatchQuerySet(models.QuerySet["Dispatch"]):
    def enter(self, issue: Issue) -> int:
        recipients, values = issue.recipients().order_by().values("pk").query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(ENTER.format(recipients=recipients), [issue.pk, *values])
            return int(cursor.rowcount)

    def take(self, issue_id: int) -> "Dispatch | None":
        """The next one, taken by nobody else and never again; None if there is none, or sending is paused."""
        with connection.cursor() as cursor:
            cursor.execute(TAKE_DISPATCH, [issue_id])
            row = cursor.fetchone()
        return self.get(pk=row[0]) if row else None

    def taken_as(self, dispatch: "Dispatch") -> Self:
        """The row of `dispatch`, as long as nobody has called it lost or taken it anew."""
        return self.filter(pk=dispatch.pk, state=DispatchState.SENDING, attempts=dispatch.attempts)

    def of(self, issue: Issue) -> Self:
        return self.filter(issue=issue)

    def open(self) -> Self:
        return self.filter(state__in=[DispatchState.WAITING, DispatchState.SENDING])

    def numbers(self) -> dict[str, int]:
        return dict(self.values_list("state").annotate(number=Count("pk")).order_by())

    def endings(self, issue: Issue) -> dict[str, int]:
        """Return how many recipients of an issue are subscribers no more since it went out, by what ended that.

        Found among those who left since, so that the cost does not grow with the recipients.
        """
        left = Subscriber.objects.filter(state=SubscriberState.UNSUBSCRIBED, unsubscribed_at__gte=issue.begun_at)
        had_it = Exists(self.filter(issue=issue, subscriber=OuterRef("pk"), state=DispatchState.SENT))
        return dict(left.filter(had_it).values_list("ended_by").annotate(number=Count("pk")).order_by())


class Dispatch(models.Model):
    """One issue to one subscriber. A row is taken before its mail is handed over, so that no mail goes out twice."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="dispatches")
    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=DispatchState, default=DispatchState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_default=Now())
    begun_at = models.DateTimeField(null=True)

    objects = DispatchQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscriber", "issue"], name="dispatch_once")]
        indexes = [
            models.Index(fields=["issue", "id"], name="dispatch_waiting", condition=Q(state="waiting")),
            models.Index(fields=["begun_at"], name="dispatch_sending", condition=Q(state="sending")),
        ]

    def __str__(self) -> str:
        return f"{self.issue_id} {self.pk} {self.state}"
