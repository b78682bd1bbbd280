"""The table of work that must happen."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Max, Min, Q, When
from django.db.models.functions import Greatest, Now
from django.utils.translation import gettext_lazy as _

from campaign.secrecy import encryption

OUTAGE = "the mail server could not be used"  # how the reason of what waits for it begins


class State(models.TextChoices):
    WAITING = "waiting", _("waiting")  # for its time, or for the relay
    PUBLISHED = "published", _("published")  # named in a Celery message; leased until somebody begins
    RUNNING = "running", _("running")  # begun by a worker; leased until it is settled
    DEAD = "dead", _("dead")  # given up; waits for staff
    REFUSED = "refused", _("refused")  # given up because its receiver says no; nothing here is to be mended


GIVEN_UP = [State.DEAD, State.REFUSED]


class ItemQuerySet(models.QuerySet["Item"]):
    def waiting(self) -> Self:
        return self.filter(state=State.WAITING)

    def due(self) -> Self:
        return self.waiting().filter(due_at__lte=Now())

    def oldest_due_at(self) -> datetime | None:
        """One look into the index for each kind: what waits for a later day is not read."""
        due: datetime | None = (
            self.due().filter(kind__in=settings.OUTBOX_HANDLERS).aggregate(Min("due_at"))["due_at__min"]
        )
        return due

    def first_of_outage(self) -> "Item | None":
        """Of the mail that waits for its server; it is tried again every few minutes."""
        soon = self.waiting().filter(kind__in=settings.OUTBOX_HANDLERS, due_at__lt=Now() + timedelta(minutes=15))
        return soon.filter(reason__startswith=OUTAGE).order_by("created_at").first()

    def dead(self) -> Self:
        return self.filter(state=State.DEAD)

    def given_up(self) -> Self:
        return self.filter(state__in=GIVEN_UP)

    def refused(self) -> Self:
        return self.filter(state=State.REFUSED)

    def due_lately(self) -> Self:
        return self.filter(due_at__gt=Now() - timedelta(days=1))

    def last_due(self, ago: timedelta) -> Self:
        """That long ago at least: of what was given up, about when it was."""
        return self.filter(due_at__lt=Now() - ago)

    def in_flight(self) -> Self:
        return self.filter(state__in=[State.PUBLISHED, State.RUNNING])

    def idle(self) -> Self:
        """What no worker has, and no message names."""
        return self.filter(state__in=[State.WAITING, *GIVEN_UP])

    def expired(self) -> Self:
        return self.in_flight().filter(leased_until__lt=Now())

    def held(self, item: "Item") -> Self:
        """The row of `item`, as long as its token is still the newest."""
        return self.filter(pk=item.pk, token=item.token)

    def summary(self) -> list[dict[str, Any]]:
        """Number of the rows by kind and state, and how long the first of them has been due, however often it was put
        off since for want of a mail server; grows with the rows."""
        outage = When(state=State.WAITING, reason__startswith=OUTAGE, then=models.F("created_at"))
        since = Case(outage, default=models.F("due_at"))
        late = models.ExpressionWrapper(Now() - since, output_field=models.DurationField())
        rows = self.values("kind", "state").annotate(number=Count("pk"), late=Greatest(Max(late), timedelta()))
        return list(rows.order_by("kind", "state"))


class Item(models.Model):
    """One piece of work that must happen, kept until it has.

    `payload` holds ids only; what is personal stands in `sealed_secret`, encrypted, and goes with the row.
    """

    kind = models.CharField(_("kind"), max_length=60, help_text=_("Which handler does it (OUTBOX_HANDLERS)."))
    payload = models.JSONField(_("payload"), default=dict, blank=True)
    sealed_secret = models.BinaryField(null=True, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    due_at = models.DateTimeField(_("due at"), db_default=Now())
    token = models.BigIntegerField(_("token"), default=0, help_text=_("Grows whenever the row changes hands."))
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    reason = models.TextField(_("reason"), blank=True, help_text=_("Why the last attempt did not succeed."))
    created_at = models.DateTimeField(_("created at"), db_default=Now())

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("outbox item")
        verbose_name_plural = _("outbox items")
        indexes = [
            models.Index(fields=["kind", "due_at"], name="outbox_waiting", condition=Q(state="waiting")),
            models.Index(
                fields=["leased_until"], name="outbox_leased", condition=Q(state__in=["published", "running"])
            ),
            models.Index(fields=["kind"], name="outbox_dead", condition=Q(state="dead")),
            models.Index(fields=["due_at"], name="outbox_refused", condition=Q(state="refused")),
            # Taken out again by the million, one at each confirmation (petitions/reminding.py).
            models.Index(
                models.F("payload__signature"), name="outbox_reminder", condition=Q(kind="petitions.reminder")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="outbox_lease_iff_in_flight",
                condition=Q(state__in=["published", "running"], leased_until__isnull=False)
                | Q(state__in=["waiting", "dead", "refused"], leased_until__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @cached_property
    def secret(self) -> dict[str, Any]:
        """What was given to `work.put` as `secret`, decrypted."""
        return json.loads(encryption.decrypt(self.sealed_secret)) if self.sealed_secret else {}


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    def by_cause(self) -> list[tuple[str, int]]:
        """In words, most first."""
        found = self.values_list("cause").annotate(number=Count("pk")).order_by("-number")
        return [(str(Suppression.Cause(cause).label), number) for cause, number in found]

    def lately(self) -> Self:
        return self.filter(created_at__gt=Now() - timedelta(days=7))

    def among(self, fingerprints: Iterable[bytes]) -> set[bytes]:
        """Those that are suppressed."""
        return {
            bytes(found) for found in self.filter(fingerprint__in=fingerprints).values_list("fingerprint", flat=True)
        }


class Suppression(models.Model):
    """An address that gets nothing more from this site, kept as a keyed fingerprint only."""

    class Cause(models.TextChoices):
        NOT_ME = "not_me", _("“it wasn’t me”")
        BOUNCE = "bounce", _("mail came back")
        COMPLAINT = "complaint", _("complaint")
        STAFF = "staff", _("entered by staff")

    fingerprint = models.BinaryField(unique=True, editable=False)
    cause = models.CharField(_("cause"), max_length=10, choices=Cause)
    created_at = models.DateTimeField(_("created at"), db_default=Now())

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suppression")
        verbose_name_plural = _("suppressions")

    def __str__(self) -> str:
        return f"{self.pk} ({self.get_cause_display()})"
