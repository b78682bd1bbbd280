"""Where the database stands in the journal, and what was found when it turned out to be a restored backup."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from campaign.translation import for_staff_lazy


class PositionQuerySet(models.QuerySet["Position"]):
    def in_trouble(self) -> Self:
        """Return it if a line could not be written within the last day."""
        return self.filter(trouble_at__gt=Now() - timedelta(days=1))


class Position(models.Model):
    """The one row that counts the lines of the journal (campaign/journal/position.py)."""

    site = models.CharField(max_length=12)
    timeline = models.CharField(max_length=12)
    number = models.BigIntegerField(default=0)
    at = models.DateTimeField(db_default=Now())
    is_held = models.BooleanField(default=False)  # nothing goes out until staff have looked at a Restoration
    folders = models.JSONField(default=dict)  # names of folders that have lines: {"host": ..., "day": ...} of each
    trouble = models.TextField(default="", blank=True)  # why a line could not be written lately
    trouble_at = models.DateTimeField(null=True)

    objects = PositionQuerySet.as_manager()

    class Meta:
        verbose_name = for_staff_lazy("position in the journal")
        verbose_name_plural = for_staff_lazy("positions in the journal")
        default_permissions = ()
        constraints = [models.CheckConstraint(name="journal_position_is_one_row", condition=Q(pk=1))]

    def __str__(self) -> str:
        return f"{self.timeline} {self.number}"


class RestorationQuerySet(models.QuerySet["Restoration"]):
    def open(self) -> Self:
        return self.filter(released_at__isnull=True)

    def cuts(self) -> dict[str, int]:
        """Return up to which number this database has the lines of each timeline that is over."""
        cuts: dict[str, int] = {}
        for one in self.all():
            cuts |= {name: min(number, cuts.get(name, number)) for name, number in one.cuts.items()}
        return cuts


class Restoration(models.Model):
    """A backup that was restored: what the journal knew beyond it, and who let work go on."""

    as_of = models.DateTimeField(for_staff_lazy("the database is as of"))
    newest_at = models.DateTimeField(for_staff_lazy("newest line of the journal"), null=True, blank=True)
    detected_at = models.DateTimeField(for_staff_lazy("noticed at"), db_default=Now())
    cuts = models.JSONField(default=dict, editable=False)  # the number up to which the database has each timeline
    folders = models.JSONField(default=dict, editable=False)  # whose lines were applied: name and host
    again = models.JSONField(for_staff_lazy("done again"), default=dict)
    lost = models.JSONField(for_staff_lazy("lost"), default=dict)
    gaps = models.JSONField(for_staff_lazy("what could not be known"), default=list)
    released_at = models.DateTimeField(for_staff_lazy("work went on at"), null=True, blank=True)
    released_by = models.CharField(for_staff_lazy("let go by"), max_length=150, blank=True)

    objects = RestorationQuerySet.as_manager()

    class Meta:
        verbose_name = for_staff_lazy("restored backup")
        verbose_name_plural = for_staff_lazy("restored backups")
        ordering = ["-pk"]
        permissions = [("release_restoration", "Can let mail and letters go on after a restore")]

    def __str__(self) -> str:
        return f"as of {self.as_of:%Y-%m-%d %H:%M}"

    @property
    def unread(self) -> list[str]:
        """Return the machines whose journals may hold lines of the lost time and have not been read."""
        position = Position.objects.get()
        oldest = f"{self.as_of - timedelta(days=settings.JOURNAL_DAYS):%Y-%m-%d}"
        known: dict[str, Any] = position.folders
        missing = [about for name, about in known.items() if name not in self.folders and about["day"] >= oldest]
        return sorted(about["host"] for about in missing)

    @property
    def is_complete(self) -> bool:
        """Return whether the journal tells of every letter of the lost time whether it may have gone out."""
        return not self.gaps and not self.unread

    def note_newest(self, at: datetime | None) -> None:
        self.newest_at = max(filter(None, [self.newest_at, at]), default=None)
