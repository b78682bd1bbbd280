"""Numbers that the public pages read, so that no request counts letters."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Max, Sum
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from letters.models.campaigns import LetterCampaign
from letters.models.offices import Office


class LetterTallyQuerySet(models.QuerySet["LetterTally"]):
    def sums_by(self, column: str, campaign: LetterCampaign) -> list[tuple[Any, int]]:
        """Sums of one campaign's tallies by `day`, `office` or `office__state`, in that column's order."""
        sums = self.filter(campaign=campaign).values_list(column).annotate(sum=Sum("letters"))
        return list(sums.order_by(column))

    def total(self, campaign: LetterCampaign) -> dict[str, Any]:
        """`letters` and `as_of`, which is None before the first."""
        return self.filter(campaign=campaign).aggregate(letters=Sum("letters", default=0), as_of=Max("counted_at"))

    def newest_days(self, campaign: LetterCampaign, limit: int) -> list[tuple[date, int]]:
        sums = self.filter(campaign=campaign).values_list("day").annotate(sum=Sum("letters"))
        return list(sums.order_by("-day")[:limit])


class LetterTally(models.Model):
    """Confirmed letters of one campaign to one office, by the day (UTC) of confirming; taken-back ones left out."""

    campaign = models.ForeignKey(LetterCampaign, on_delete=models.CASCADE, db_index=False, related_name="tallies")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, db_index=False, related_name="+")
    day = models.DateField(_("day"))
    letters = models.PositiveIntegerField(_("letters"))
    counted_at = models.DateTimeField(_("counted at"), db_default=Now())

    objects = LetterTallyQuerySet.as_manager()

    class Meta:
        verbose_name = _("tally of letters")
        verbose_name_plural = _("tallies of letters")
        constraints = [models.UniqueConstraint(fields=["campaign", "office", "day"], name="letter_tally_once")]
