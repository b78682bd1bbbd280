"""The bases of acts that wait, and of those that take two people. They have no tables: each kind has the columns."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Self, cast

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse

from campaign.audit import Detail
from campaign.database import clock
from campaign.translation import for_staff_lazy

ASKED_FOR = timedelta(days=30)  # that long a request can be approved, and others are reminded of it
VALID = timedelta(days=7)  # that long after the waiting time the act can be done


class Stage(models.TextChoices):
    """Where an act stands; it follows from the row and the time."""

    REQUESTED = "requested", for_staff_lazy("needs a second person")
    LAPSED = "lapsed", for_staff_lazy("asked for too long ago")
    WAITING = "waiting", for_staff_lazy("approved, waits")
    OPEN = "open", for_staff_lazy("can be done")
    DONE = "done", for_staff_lazy("done")
    STOPPED = "stopped", for_staff_lazy("stopped")
    OVER = "over", for_staff_lazy("approved too long ago")


STOPPABLE = {Stage.REQUESTED, Stage.WAITING, Stage.OPEN}


class StoppableQuerySet[A: "Stoppable"](models.QuerySet[A]):
    def for_work(self) -> Self:
        """Return what a mail or a page says of each, in a constant number of queries."""
        return self

    def locked(self, act: A) -> A:
        """Return the act as it is now, with the database's time as `read_at`; nobody else changes it meanwhile."""
        locked: Any = self.select_for_update(of=("self",)).annotate(read_at=Now()).get(pk=act.pk)
        return cast("A", locked)


class Stoppable(models.Model):
    """An act that was announced and waits until `opens_at`: whoever has its `permission` stops it before."""

    permission: ClassVar[str]
    warning: ClassVar[str]  # what else those who are told should know
    opens_at: Any
    read_at: datetime | None = None

    stopped_by = models.CharField(
        for_staff_lazy("stopped by"), max_length=150, blank=True, default="", db_default="", editable=False
    )
    stopped_at = models.DateTimeField(for_staff_lazy("stopped at"), null=True, editable=False)

    objects: Any

    class Meta:
        abstract = True

    @property
    def title(self) -> str:
        """What it is, as the subject of a mail."""
        raise NotImplementedError

    @property
    def summary(self) -> str:
        """Who wanted what, in whole sentences."""
        raise NotImplementedError

    @property
    def page(self) -> str:
        """The path of its page in the admin."""
        return reverse(f"admin:{self._meta.app_label}_{self._meta.model_name}_change", args=[self.pk])

    @property
    def stage(self) -> Stage:
        """The stage at the time when it was locked, or now."""
        raise NotImplementedError

    @property
    def is_stoppable(self) -> bool:
        return self.stage in STOPPABLE

    def unset_by_stop(self) -> dict[str, Any]:
        """Return what else changes in the row when it is stopped."""
        return {}


class DualControlQuerySet[A: "DualControlled"](StoppableQuerySet[A]):
    def for_work(self) -> Self:
        return self.select_related("requested_by", "approved_by")

    def to_look_at(self) -> Self:
        """Return recent requests that need a second person's approval, and what is approved and waits."""
        is_asked = Q(approved_by=None, requested_at__gt=Now() - ASKED_FOR)
        return self.filter(is_asked | Q(opens_at__gt=Now()), stopped_at=None)


class DualControlled(Stoppable):
    """An act that one person asked for and another approves; both need its permission."""

    reason = models.CharField(for_staff_lazy("reason"), max_length=300)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=for_staff_lazy("requested by"),
        related_name="+",
    )
    requested_at = models.DateTimeField(for_staff_lazy("requested at"), db_default=Now())
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        verbose_name=for_staff_lazy("approved by"),
        related_name="+",
    )
    approved_at = models.DateTimeField(for_staff_lazy("approved at"), null=True)
    opens_at = models.DateTimeField(for_staff_lazy("waits until"), null=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_takes_two",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("requested_by")),
                violation_error_message=for_staff_lazy("Nobody approves their own request."),
            ),
            models.CheckConstraint(
                name="%(class)s_approved_by_somebody",
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
            ),
        ]

    @property
    def deed(self) -> str:
        """What is done then, in words that follow "that"."""
        raise NotImplementedError

    @property
    def summary(self) -> str:
        return f"{self.requested_by} asked that {self.deed}. The reason given: “{self.reason}”."

    @property
    def is_done(self) -> bool:
        """Whether it was done and cannot be done again."""
        return False

    def details(self) -> dict[str, Detail]:
        """Return what the audit says of each step, besides which act it is."""
        return {}

    def is_between(self, person: AbstractBaseUser) -> bool:
        """Return whether `person` asked for it or approved it."""
        return person.pk in {self.requested_by_id, self.approved_by_id}

    @property
    def open_until(self) -> datetime | None:
        return self.opens_at + VALID if self.opens_at else None

    @property
    def stage(self) -> Stage:
        now = self.read_at or clock.now()
        if self.stopped_at:
            return Stage.STOPPED
        if self.is_done:
            return Stage.DONE
        if self.approved_at is None:
            return Stage.REQUESTED if now < self.requested_at + ASKED_FOR else Stage.LAPSED
        if self.opens_at is None:  # approved under a release that knew no waiting time
            return Stage.OVER
        if now < self.opens_at:
            return Stage.WAITING
        return Stage.OPEN if now < self.opens_at + VALID else Stage.OVER
