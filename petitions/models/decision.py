"""One decision on many signatures at once: which ones, how many, and how far it has come."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from campaign import countries
from petitions.models.petition import Petition
from petitions.models.signature import LIVING, Channel, HoldReason, State


class Act(models.TextChoices):
    INVALIDATE = "invalidate", _("invalidate: they do not count")
    RELEASE = "release", _("release: they count")


class JobState(models.TextChoices):
    COUNTING = "counting", _("being counted")
    READY = "ready", _("counted, not begun")
    RUNNING = "running", _("running")
    CANCELLED = "cancelled", _("cancelled")
    DONE = "done", _("done")
    UNDOING = "undoing", _("being undone")
    UNDONE = "undone", _("undone")


# From state to the states it may change to. What was cancelled half-way can go on or be undone.
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
    ALL = "", _("confirmed, held and not confirmed yet")
    CONFIRMED = "confirmed", _("confirmed")
    HELD = "held", _("held")


MOVING = [JobState.COUNTING, JobState.RUNNING, JobState.UNDOING]  # a worker has something to do


class DecisionQuerySet(models.QuerySet["Decision"]):
    def moving(self) -> Self:
        return self.filter(state__in=MOVING)

    def stuck(self) -> Self:
        return self.moving().exclude(problem="")

    def changeable_to(self, state: JobState) -> Self:
        return self.filter(state__in=[before for before, after in JOB_CHANGES.items() if state in after])


class Decision(models.Model):
    """A filter over one petition's signatures, and the way through them. `last_id` keeps out whoever signs later."""

    act = models.CharField(
        _("what"), max_length=10, choices=Act, default=Act.INVALIDATE, help_text=_("Either can be taken back.")
    )
    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, verbose_name=_("petition"), related_name="+")
    country = models.CharField(
        _("country"), max_length=2, blank=True, choices=countries.choices, help_text=_("Empty: from everywhere.")
    )
    channel = models.CharField(
        _("channel"), max_length=5, blank=True, choices=Channel, help_text=_("Empty: online and on paper.")
    )
    hold_reason = models.CharField(
        _("held because of"),
        max_length=8,
        blank=True,
        choices=HoldReason,
        help_text=_("Only those that were held for this; empty for all."),
    )
    touched = models.CharField(_("which"), max_length=9, blank=True, choices=Touched, help_text=_("By their state."))
    signed_from = models.DateField(
        _("signed from"), null=True, blank=True, help_text=_("First day (UTC); may be empty.")
    )
    signed_until = models.DateField(_("signed until"), null=True, blank=True, help_text=_("Last day; may be empty."))
    why = models.CharField(_("why"), max_length=200, help_text=_("For colleagues and the audit. Name nobody."))
    state = models.CharField(_("state"), max_length=9, choices=JobState, default=JobState.COUNTING)
    found = models.JSONField(_("found"), default=dict, editable=False)  # {"confirmed": {"DE": 7}, "held": {...}}
    expected = models.PositiveIntegerField(
        _("found in all"), null=True, help_text=_("Counted before anything is changed.")
    )
    done = models.PositiveIntegerField(_("done"), default=0)
    undone = models.PositiveIntegerField(_("undone"), default=0)
    problem = models.TextField(_("problem"), blank=True, db_default="", editable=False)  # why no worker goes on with it
    last_id = models.BigIntegerField(default=0, editable=False)
    cursor = models.BigIntegerField(default=0, editable=False)
    made_by = models.CharField(_("made by"), max_length=150, editable=False)
    made_at = models.DateTimeField(_("made at"), db_default=Now(), editable=False)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision by filter")
        verbose_name_plural = _("decisions by filter")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="decision_state_known", condition=Q(state__in=JobState.values)),
            models.CheckConstraint(
                name="decision_days_in_order",
                condition=Q(signed_from__isnull=True)
                | Q(signed_until__isnull=True)
                | Q(signed_from__lte=F("signed_until")),
                violation_error_message=_("The last day is before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.why}"

    @property
    def found_in_words(self) -> list[tuple[StrOrPromise, str, int]]:
        """State, country and number of what the filter found."""
        return [
            (State(state).label, countries.name_of(code), number)
            for state, by_country in self.found.items()
            for code, number in by_country.items()
        ]

    def clean(self) -> None:
        if not any([self.country, self.channel, self.hold_reason, self.signed_from, self.signed_until]):
            raise ValidationError(_("Choose at least a country, a channel, a day or a reason: not everything at once."))
        if self.act == Act.RELEASE and self.touched not in {"", Touched.HELD}:
            raise ValidationError({"touched": _("Only what is held can be released.")})

    def may_become(self, state: JobState) -> bool:
        """Nothing is begun that found nothing, nor undone that did nothing."""
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
        """In which of them a signature is taken."""
        return [self.touched] if self.touched else list(LIVING)

    def conditions(self) -> dict[str, Any]:
        """What the signatures are filtered by, but for their state."""
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
        """Of the way that it is on: there, or back."""
        part, whole = (self.undone, self.done) if self.state == JobState.UNDOING else (self.done, self.expected)
        return min(part * 100 // whole, 100) if whole else 0
