"""One decision on many signatures at once: which ones, how many, and how far it has come."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django_stubs_ext import StrOrPromise

from campaign.translation import for_staff, for_staff_lazy
from campaign.web import countries
from petitions.models.moderation.hold_trace import HoldTrace
from petitions.models.petition import Petition
from petitions.models.signature import LIVING, Channel, HoldReason, State


class Act(models.TextChoices):
    INVALIDATE = "invalidate", for_staff_lazy("invalidate: they do not count")
    RELEASE = "release", for_staff_lazy("release: they count")


class JobState(models.TextChoices):
    COUNTING = "counting", for_staff_lazy("being counted")
    READY = "ready", for_staff_lazy("counted, not begun")
    RUNNING = "running", for_staff_lazy("running")
    CANCELLED = "cancelled", for_staff_lazy("cancelled")
    DONE = "done", for_staff_lazy("done")
    UNDOING = "undoing", for_staff_lazy("being undone")
    UNDONE = "undone", for_staff_lazy("undone")


# From each state to the states it may change to. A decision cancelled half-way can go on or be undone.
JOB_CHANGES = {
    JobState.COUNTING: {JobState.READY},
    JobState.READY: {JobState.RUNNING, JobState.CANCELLED},
    JobState.RUNNING: {JobState.DONE, JobState.CANCELLED},
    JobState.CANCELLED: {JobState.RUNNING, JobState.UNDOING},
    JobState.DONE: {JobState.UNDOING},
    JobState.UNDOING: {JobState.UNDONE},
    JobState.UNDONE: set[JobState](),
}


class Touched(models.TextChoices):
    ALL = "", for_staff_lazy("confirmed, held and not confirmed yet")
    CONFIRMED = "confirmed", for_staff_lazy("confirmed")
    HELD = "held", for_staff_lazy("held")


FORGOTTEN = "forgotten"  # in place of a group that was chosen a day ago
MOVING = [JobState.COUNTING, JobState.RUNNING, JobState.UNDOING]  # a worker has something to do


class DecisionQuerySet(models.QuerySet["Decision"]):
    def moving(self) -> Self:
        return self.filter(state__in=MOVING)

    def stuck(self) -> Self:
        return self.moving().exclude(problem="")


class Decision(models.Model):
    """A filter over one petition's signatures, and its progress through them. `last_id` excludes later signatures."""

    act = models.CharField(
        for_staff_lazy("what"),
        max_length=10,
        choices=Act,
        default=Act.INVALIDATE,
        help_text=for_staff_lazy("Either can be taken back."),
    )
    petition = models.ForeignKey(
        Petition, on_delete=models.PROTECT, verbose_name=for_staff_lazy("petition"), related_name="+"
    )
    country = models.CharField(
        for_staff_lazy("country"),
        max_length=2,
        blank=True,
        choices=countries.choices,
        help_text=for_staff_lazy("Empty: from everywhere."),
    )
    channel = models.CharField(
        for_staff_lazy("channel"),
        max_length=5,
        blank=True,
        choices=Channel,
        help_text=for_staff_lazy("Empty: online and on paper."),
    )
    hold_reason = models.CharField(
        for_staff_lazy("held because of"),
        max_length=8,
        blank=True,
        choices=HoldReason,
        help_text=for_staff_lazy("Only those that were held for this; empty for all."),
    )
    trace = models.CharField(
        for_staff_lazy("group of held signatures"),
        max_length=300,
        blank=True,
        default="",
        db_default="",
        help_text=for_staff_lazy(
            "As chosen on the page “Held signatures in groups”. It holds for a day, and so does undoing."
        ),
    )
    touched = models.CharField(
        for_staff_lazy("which"), max_length=9, blank=True, choices=Touched, help_text=for_staff_lazy("By their state.")
    )
    signed_from = models.DateField(
        for_staff_lazy("signed from"), null=True, blank=True, help_text=for_staff_lazy("First day (UTC); may be empty.")
    )
    signed_until = models.DateField(
        for_staff_lazy("signed until"), null=True, blank=True, help_text=for_staff_lazy("Last day; may be empty.")
    )
    why = models.CharField(
        for_staff_lazy("why"), max_length=200, help_text=for_staff_lazy("For colleagues and the audit. Name nobody.")
    )
    state = models.CharField(for_staff_lazy("state"), max_length=9, choices=JobState, default=JobState.COUNTING)
    found = models.JSONField(
        for_staff_lazy("found"), default=dict, editable=False
    )  # {"confirmed": {"DE": 7}, "held": {...}}
    expected = models.PositiveIntegerField(
        for_staff_lazy("found in all"), null=True, help_text=for_staff_lazy("Counted before anything is changed.")
    )
    done = models.PositiveIntegerField(for_staff_lazy("done"), default=0)
    undone = models.PositiveIntegerField(for_staff_lazy("undone"), default=0)
    problem = models.TextField(for_staff_lazy("problem"), blank=True, db_default="", editable=False)  # why it is stuck
    last_id = models.BigIntegerField(default=0, editable=False)
    cursor = models.BigIntegerField(default=0, editable=False)
    made_by = models.CharField(for_staff_lazy("made by"), max_length=150, editable=False)
    made_at = models.DateTimeField(for_staff_lazy("made at"), db_default=Now(), editable=False)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = for_staff_lazy("decision by filter")
        verbose_name_plural = for_staff_lazy("decisions by filter")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="decision_state_known", condition=Q(state__in=JobState.values)),
            models.CheckConstraint(
                name="decision_days_in_order",
                condition=Q(signed_from__isnull=True)
                | Q(signed_until__isnull=True)
                | Q(signed_from__lte=F("signed_until")),
                violation_error_message=for_staff_lazy("The last day is before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.why}"

    @property
    def found_in_words(self) -> list[tuple[StrOrPromise, str, int]]:
        """Return state, country and number for each group that the filter found."""
        return [
            (State(state).label, countries.name_of(code), number)
            for state, by_country in self.found.items()
            for code, number in by_country.items()
        ]

    def clean(self) -> None:
        self.clean_trace()
        if not any([self.country, self.channel, self.hold_reason, self.signed_from, self.signed_until, self.trace]):
            raise ValidationError(
                for_staff("Choose at least a country, a channel, a day or a reason: not everything at once.")
            )
        if self.act == Act.RELEASE and self.touched not in {"", Touched.HELD}:
            raise ValidationError({"touched": for_staff("Only what is held can be released.")})

    def clean_trace(self) -> None:
        """Only what is held has a trace."""
        try:
            if self.trace:
                HoldTrace.objects.like(self.trace)
                self.touched = Touched.HELD
        except ValueError:
            raise ValidationError(
                {"trace": for_staff_lazy("Choose a group on the page “Held signatures in groups”.")}
            ) from None

    @property
    def is_forgotten(self) -> bool:
        """Return whether a day has passed since it chose a group: which signatures those were is not known any more."""
        return self.trace == FORGOTTEN

    def may_become(self, state: JobState) -> bool:
        """Return whether the state may follow; what found nothing cannot start, what did nothing cannot be undone."""
        if self.is_forgotten and state in {JobState.RUNNING, JobState.UNDOING}:
            return False
        is_idle = not {JobState.RUNNING: self.expected, JobState.UNDOING: self.done}.get(state, True)
        return state in JOB_CHANGES[JobState(self.state)] and not is_idle

    @property
    def left(self) -> int:
        return max((self.expected or 0) - self.done, 0)

    @property
    def is_moving(self) -> bool:
        return self.state in MOVING and not self.problem

    @property
    def is_stuck(self) -> bool:
        return self.state in MOVING and bool(self.problem)

    @property
    def states(self) -> list[str]:
        """Return the states in which a signature is affected."""
        return [self.touched] if self.touched else list(LIVING)

    def conditions(self) -> dict[str, Any]:
        """Return the filter as keyword arguments for QuerySet.filter, except for the state."""
        chosen = {
            "petition": self.petition_id,
            "country": self.country,
            "channel": self.channel,
            "hold_reason": self.hold_reason,
            "signed_on__gte": self.signed_from,
            "signed_on__lte": self.signed_until,
        }
        return {name: value for name, value in chosen.items() if value}

    @property
    def percent(self) -> int:
        """Return the progress of the current run, forward or undoing, in percent."""
        part, whole = (self.undone, self.done) if self.state == JobState.UNDOING else (self.done, self.expected)
        return min(part * 100 // whole, 100) if whole else 0
