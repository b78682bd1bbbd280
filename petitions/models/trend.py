from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Count, Max, Sum

from campaign.secrecy.addresses import LONGEST_DOMAIN
from campaign.translation import for_staff_lazy
from petitions.models.petition import Petition


class TrendQuerySet(models.QuerySet["Trend"]):
    def by_hour(self) -> list[tuple[datetime, str, int, int]]:
        """Return hour, country, number signed and number of these held; newest first."""
        cells = self.values_list("hour", "country").annotate(signed=Sum("count"), stopped=Sum("held"))
        return list(cells.order_by("-hour", "-signed", "country"))

    def by_domain(self, *, least: int, limit: int) -> list[tuple[str, int, int, int]]:
        """Return the domains that have a name, and those without one from which at least `least` signed; most first.

        Each with its name, number signed, number of these held, and number of countries.
        """
        known = self.domains().exclude(name="", signed__lt=least)
        return list(known.order_by("-signed", "name").values_list("name", "signed", "stopped", "countries")[:limit])

    def of_few(self, *, least: int) -> tuple[int, int, int]:
        """Return all the other domains together: how many they are, how many signed, how many of these were held."""
        few = self.domains().filter(name="", signed__lt=least)
        sums = {"all_signed": Sum("signed", default=0), "all_stopped": Sum("stopped", default=0)}
        found = few.aggregate(number=Count("domain_key"), **sums)
        return found["number"], found["all_signed"], found["all_stopped"]

    def domains(self) -> models.QuerySet[Any, dict[str, Any]]:
        """Group by domain; `name` is empty unless trends.NAMED_FROM signed from it in one hour from one country."""
        return self.values("domain_key").annotate(
            name=Max("domain"), signed=Sum("count"), stopped=Sum("held"), countries=Count("country", distinct=True)
        )


class Trend(models.Model):
    """How many signed within one hour from one country and mail domain; forgotten after two days."""

    petition = models.ForeignKey(
        Petition, on_delete=models.CASCADE, db_index=False, db_constraint=False, related_name="+"
    )
    hour = models.DateTimeField(for_staff_lazy("hour"), db_index=True)
    country = models.CharField(for_staff_lazy("country"), max_length=2)
    domain_key = models.BinaryField()  # keyed hash of the domain
    # Set only once it identifies no single person.
    domain = models.CharField(for_staff_lazy("mail domain"), max_length=LONGEST_DOMAIN, blank=True)
    count = models.PositiveIntegerField(for_staff_lazy("signed"))
    held = models.PositiveIntegerField(for_staff_lazy("held"))

    objects = TrendQuerySet.as_manager()

    class Meta:
        verbose_name = for_staff_lazy("trend")
        verbose_name_plural = for_staff_lazy("trends")
        constraints = [models.UniqueConstraint(fields=["petition", "hour", "country", "domain_key"], name="trend_once")]
