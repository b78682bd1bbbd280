"""The periods whose keys seal what is readable only for a while (campaign/secrecy/periods)."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from campaign.secrecy.periods.keys import Purpose


class PeriodQuerySet(models.QuerySet["Period"]):
    def current(self, purpose: Purpose) -> Self:
        """Select the one that is sealed to."""
        return self.filter(purpose=purpose, closed_at=None)

    def opened(self, ago: timedelta) -> Self:
        return self.filter(opened_at__lte=Now() - ago)

    def closed(self, ago: timedelta) -> Self:
        """Select those that have been closed for so long and whose keys are still there."""
        return self.filter(closed_at__lte=Now() - ago, destroyed_at=None)


class Period(models.Model):
    """A key pair for some time: its public half stands here, its private half in a file of KEY_FOLDER until destroyed.

    Nothing is sealed to a closed one. What still waits under its key is sealed anew, then the key is destroyed.
    """

    purpose = models.CharField(max_length=5, choices=Purpose)
    public_key = models.BinaryField(unique=True)
    opened_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True)
    emptied_at = models.DateTimeField(null=True)  # when nothing under its key was found for the first time
    destroyed_at = models.DateTimeField(null=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="secrecy_one_open_period", fields=["purpose"], condition=Q(closed_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {bytes(self.public_key).hex()[:16]}"
