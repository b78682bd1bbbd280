"""Counting without counting: events that confirmations insert, and the tallies they are added up to."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from petitions.models.petition import Petition


class CountEvent(models.Model):
    """One signature more or less. Inserted with the change itself, deleted by the aggregator when it is added up."""

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, db_index=False, related_name="+")
    country = models.CharField(max_length=2)
    channel = models.CharField(max_length=5)
    day = models.DateField()
    change = models.SmallIntegerField()
    noted_at = models.DateTimeField(db_default=Now())


class TallyQuerySet(models.QuerySet["Tally"]):
    def sums_by(self, column: str, petition: Petition | int) -> list[tuple[Any, int]]:
        """Sums of one petition's tallies by `country`, `channel` or `day`, in that column's order."""
        sums = self.filter(petition=petition).values_list(column).annotate(sum=models.Sum("count"))
        return list(sums.order_by(column))

    def newest_days(self, petition: Petition, limit: int) -> list[tuple[date, int]]:
        sums = self.filter(petition=petition).values_list("day").annotate(sum=models.Sum("count"))
        return list(sums.order_by("-day")[:limit])


class Tally(models.Model):
    """Confirmed signatures of one petition, country, channel and day of confirming."""

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, db_index=False, related_name="tallies")
    country = models.CharField(_("country"), max_length=2)
    channel = models.CharField(_("channel"), max_length=5)
    day = models.DateField(_("day"))
    count = models.PositiveIntegerField(_("count"))

    objects = TallyQuerySet.as_manager()

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        constraints = [
            models.UniqueConstraint(fields=["petition", "country", "channel", "day"], name="tally_once"),
        ]


class HourTally(models.Model):
    """By how many the count of a petition changed within one hour (UTC); less than nothing if more people left."""

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, db_index=False, related_name="hours")
    hour = models.DateTimeField(_("hour"))
    change = models.IntegerField(_("change"))

    class Meta:
        verbose_name = _("hour")
        verbose_name_plural = _("hours")
        ordering = ["hour"]
        constraints = [models.UniqueConstraint(fields=["petition", "hour"], name="hour_tally_once")]


class Total(models.Model):
    """The number shown: the sum of a petition's tallies, and when it was last true."""

    petition = models.OneToOneField(Petition, on_delete=models.CASCADE, primary_key=True, related_name="total")
    count = models.PositiveIntegerField(_("count"), default=0)
    as_of = models.DateTimeField(_("as of"), db_default=Now())

    class Meta:
        verbose_name = _("total")
        verbose_name_plural = _("totals")
