"""Tallies that public pages read, so that no request counts letters."""

from typing import Any

from django.db import models
from django.db.models import Max, Sum
from django.db.models.functions import Now

from campaign.appeals.models import Tallied, TallyQuerySet
from campaign.translation import for_staff_lazy
from letters.models.campaigns import LetterCampaign
from letters.models.recipients.offices import Office


class LetterTallyQuerySet(TallyQuerySet["LetterTally"]):
    def total(self) -> dict[str, Any]:
        """Return `letters`, the number, and `as_of`, which is None before the first letter is counted."""
        return self.aggregate(letters=Sum("letters", default=0), as_of=Max("counted_at"))


class LetterTally(Tallied):
    """Confirmed letters of one campaign to one office, by the day (UTC) of confirming, without withdrawn ones."""

    counted = "letters"

    campaign = models.ForeignKey(LetterCampaign, on_delete=models.CASCADE, db_index=False, related_name="tallies")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, db_index=False, related_name="+")
    day = models.DateField(for_staff_lazy("day"))
    letters = models.PositiveIntegerField(for_staff_lazy("letters"))
    counted_at = models.DateTimeField(for_staff_lazy("counted at"), db_default=Now())

    objects = LetterTallyQuerySet.as_manager()

    class Meta:
        verbose_name = for_staff_lazy("tally of letters")
        verbose_name_plural = for_staff_lazy("tallies of letters")
        constraints = [models.UniqueConstraint(fields=["campaign", "office", "day"], name="letter_tally_once")]
