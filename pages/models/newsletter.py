"""Issues of the newsletter, and the ledger of whom each was sent to."""

from datetime import timedelta
from typing import Self

from django.db import connection, models
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from campaign.supporters.models import Subscriber
from pages.richtext import RichTextField
from pages.translation import Translatable


class IssueState(models.TextChoices):
    DRAFT = "draft", _("draft")
    SCHEDULED = "scheduled", _("scheduled")
    SENDING = "sending", _("being sent")
    PAUSED = "paused", _("paused")
    SENT = "sent", _("sent")
    STOPPED = "stopped", _("stopped")


# From state to the states it may change to; anything else raises ForbiddenChange.
CHANGES = {
    IssueState.DRAFT: {IssueState.SCHEDULED, IssueState.SENDING},
    IssueState.SCHEDULED: {IssueState.DRAFT, IssueState.SENDING},
    IssueState.SENDING: {IssueState.PAUSED, IssueState.SENT, IssueState.STOPPED},
    IssueState.PAUSED: {IssueState.SENDING, IssueState.STOPPED},
    IssueState.SENT: set(),
    IssueState.STOPPED: set(),
}


class ForbiddenChange(Exception):
    """A state that this issue cannot change to."""


class IssueQuerySet(models.QuerySet["Issue"]):
    def due(self) -> Self:
        return self.filter(state=IssueState.SCHEDULED, send_at__lte=Now())

    def with_unknown(self) -> Self:
        """Recent ones of which some recipients may have got nothing."""
        unknown = Dispatch.objects.filter(issue=OuterRef("pk"), state=DispatchState.UNKNOWN)
        return self.filter(ended_at__gt=Now() - timedelta(days=14)).filter(Exists(unknown))

    def begun(self) -> Self:
        return self.exclude(state__in=[IssueState.DRAFT, IssueState.SCHEDULED])


class Issue(Translatable):
    parts = ()
    translatable = ("subject", "body")

    subject = models.CharField(_("subject"), max_length=150, help_text=_("What is in it, in a few words."))
    body = RichTextField(
        _("text"),
        help_text=_(
            "Plain mails are read most: short paragraphs, one link each. The foot with the way to unsubscribe is added."
        ),
    )
    state = models.CharField(_("state"), max_length=10, choices=IssueState, default=IssueState.DRAFT, editable=False)
    send_at = models.DateTimeField(_("send at"), null=True, blank=True, editable=False)
    begun_at = models.DateTimeField(_("sending began"), null=True, editable=False)
    ended_at = models.DateTimeField(_("sending ended"), null=True, editable=False)
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)

    objects = IssueQuerySet.as_manager()

    class Meta:
        verbose_name = _("newsletter issue")
        verbose_name_plural = _("newsletter")
        ordering = ["-id"]
        permissions = [("send_issue", _("Can send the newsletter"))]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_open(self) -> bool:
        """Whether staff may still change the text."""
        return self.state in {IssueState.DRAFT, IssueState.SCHEDULED}

    def change_to(self, state: IssueState) -> None:
        """Set the state; raises ForbiddenChange where CHANGES does not allow it. The caller saves."""
        if state not in CHANGES[IssueState(self.state)]:
            raise ForbiddenChange(f"{self.state} -> {state}")
        self.state = state


class DispatchState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    SENDING = "sending", _("on its way")
    SENT = "sent", _("sent")
    SKIPPED = "skipped", _("left out")  # unsubscribed or suppressed since the sending began
    REFUSED = "refused", _("refused")
    UNKNOWN = "unknown", _("may have been sent")


# Those who have confirmed when the sending begins, each once.
ENTER = """
    INSERT INTO pages_dispatch (issue_id, subscriber_id, state, attempts, due_at)
    SELECT %s, id, 'waiting', 0, statement_timestamp() FROM supporters_subscriber WHERE state = 'confirmed'
    ON CONFLICT DO NOTHING
"""

TAKE = """
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
        with connection.cursor() as cursor:
            cursor.execute(ENTER, [issue.pk])
            return int(cursor.rowcount)

    def take(self, issue_id: int) -> "Dispatch | None":
        """The next one, taken by nobody else and never again; None if there is none, or sending is paused."""
        with connection.cursor() as cursor:
            cursor.execute(TAKE, [issue_id])
            row = cursor.fetchone()
        return self.select_related("subscriber").get(pk=row[0]) if row else None

    def of(self, issue: Issue) -> Self:
        return self.filter(issue=issue)

    def open(self) -> Self:
        return self.filter(state__in=[DispatchState.WAITING, DispatchState.SENDING])

    def numbers(self) -> dict[str, int]:
        return dict(self.values_list("state").annotate(number=Count("pk")).order_by())


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
