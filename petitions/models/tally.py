"""Counting without COUNT(*): events that confirmations insert, and the tallies they are added up to."""

from django.db import models
from django.db.models.functions import Now

from campaign.appeals.models import Tallied, TallyQuerySet
from campaign.translation import for_staff_lazy
from petitions.models.petition import Petition


class CountEvent(models.Model):
    """One signature more or less. Inserted with the change itself, deleted by the aggregator when it is added up."""

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, db_index=False, related_name="+")
    country = models.CharField(max_length=2)
    channel = models.CharField(max_length=5)
    day = models.DateField()
    change = models.SmallIntegerField()
    noted_at = models.DateTimeField(db_default=Now())


class Tally(Tallied):
    """Confirmed signatures of one petition, country, channel and day of confirming."""

    counted = "count"

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, db_index=False, related_name="tallies")
    country = models.CharField(for_staff_lazy("country"), max_length=2)
    channel = models.CharField(for_staff_lazy("channel"), max_length=5)
    day = models.DateField(for_staff_lazy("day"))
    count = models.PositiveIntegerField(for_staff_lazy("count"))

    objects = TallyQuerySet.as_manager()

    class Meta:
        verbose_name = for_staff_lazy("tally")
        verbose_name_plural = for_staff_lazy("tallies")
        constraints = [
            models.UniqueConstraint(fields=["petition", "country", "channel", "day"], name="tally_once"),
        ]


class HourTally(models.Model):
    """The change of a petition's count within one hour (UTC); negative if more people left than came."""

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, db_index=False, related_name="hours")
    hour = models.DateTimeField(for_staff_lazy("hour"))
    change = models.IntegerField(for_staff_lazy("change"))

    class Meta:
        verbose_name = for_staff_lazy("hour")
        verbose_name_plural = for_staff_lazy("hours")
        ordering = ["hour"]
        constraints = [models.UniqueConstraint(fields=["petition", "hour"], name="hour_tally_once")]


class Total(models.Model):
    """The number shown: the sum of a petition's tallies, and when it was last true."""

    petition = models.OneToOneField(Petition, on_delete=models.CASCADE, primary_key=True, related_name="total")
    count = models.PositiveIntegerField(for_staff_lazy("count"), default=0)
    as_of = models.DateTimeField(for_staff_lazy("as of"), db_default=Now())

    class Meta:
        verbose_name = for_staff_lazy("total")
        verbose_name_plural = for_staff_lazy("totals")
