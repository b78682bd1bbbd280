"""Where recipients stand on a campaign's ask, as researched by staff: supporters are thanked, all others are asked."""

from django.db import models

from campaign.translation import for_staff_lazy
from letters.models.campaigns import LetterCampaign
from letters.models.recipients.offices import OFFICE_ORDER, Office


class Stance(models.TextChoices):
    COSPONSOR = "cosponsor", for_staff_lazy("cosponsor: is thanked")
    SUPPORTS = "supports", for_staff_lazy("supports it: is thanked")
    UNDECIDED = "undecided", for_staff_lazy("undecided: is asked")
    OPPOSES = "opposes", for_staff_lazy("opposes it: is asked")
    UNKNOWN = "unknown", for_staff_lazy("has not answered: is asked")


THANKED = [Stance.COSPONSOR, Stance.SUPPORTS]


class Position(models.Model):
    campaign = models.ForeignKey(LetterCampaign, on_delete=models.CASCADE, related_name="positions")
    office = models.ForeignKey(
        Office, on_delete=models.CASCADE, related_name="positions", verbose_name=for_staff_lazy("office")
    )
    stance = models.CharField(
        for_staff_lazy("stance"),
        max_length=10,
        choices=Stance,
        default=Stance.UNKNOWN,
        help_text=for_staff_lazy("Decides which text constituents find in the form."),
    )
    source = models.CharField(
        for_staff_lazy("source"), max_length=300, blank=True, help_text=for_staff_lazy("Where this can be read.")
    )
    as_of = models.DateField(
        for_staff_lazy("as of"), null=True, blank=True, help_text=for_staff_lazy("The day of the source.")
    )

    class Meta:
        verbose_name = for_staff_lazy("position")
        verbose_name_plural = for_staff_lazy("positions")
        ordering = [f"office__{name}" for name in OFFICE_ORDER]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "office"],
                name="position_once",
                violation_error_message=for_staff_lazy("This office's position is recorded already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.office}: {self.get_stance_display()}"
