"""A request to take all signatures of a petition, sealed as they are, and who agreed to it."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from petitions.models.petition import Petition

VALID = timedelta(days=7)  # that long after the approval the file can be taken
WAITING = timedelta(days=30)  # that long others are reminded of a request


class HandOverQuerySet(models.QuerySet["HandOver"]):
    def waiting(self) -> Self:
        """For a second person, who was asked lately."""
        asked = self.filter(approved_by=None, requested_at__gt=Now() - WAITING)
        return asked.select_related("petition").prefetch_related("petition__texts")

    def for_work(self) -> Self:
        return self.select_related("petition", "requested_by", "approved_by")


class HandOver(models.Model):
    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, verbose_name=_("petition"), related_name="+")
    reason = models.CharField(_("reason"), max_length=300, help_text=_("To whom the signatures go, and why now."))
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("requested by"), related_name="+"
    )
    requested_at = models.DateTimeField(_("requested at"), db_default=Now())
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, verbose_name=_("approved by"), related_name="+"
    )
    approved_at = models.DateTimeField(_("approved at"), null=True)
    times_taken = models.PositiveIntegerField(_("taken"), default=0, help_text=_("How often the file was taken."))

    objects = HandOverQuerySet.as_manager()

    class Meta:
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")
        permissions = [("export_signatures", _("Can take all signatures, sealed, with a second person's approval"))]
        constraints = [
            models.CheckConstraint(
                name="handover_takes_two",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("requested_by")),
                violation_error_message=_("Nobody approves their own request."),
            ),
            models.CheckConstraint(
                name="handover_approved_by_somebody",
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return _("hand-over %(number)d of %(petition)s") % {"number": self.pk, "petition": self.petition}

    def is_between(self, person: AbstractBaseUser) -> bool:
        """Whether `person` asked for it or agreed to it."""
        return person.pk in {self.requested_by_id, self.approved_by_id}

    @property
    def open_until(self) -> datetime | None:
        return self.approved_at + VALID if self.approved_at else None

    @property
    def is_open(self) -> bool:
        return self.open_until is not None and timezone.now() < self.open_until
