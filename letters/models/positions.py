"""Where senators stand on a campaign's ask, as researched by staff: supporters are thanked, all others are asked."""

from django.db import models

from letters.models.campaigns import LetterCampaign
from letters.models.offices import Office


class Stance(models.TextChoices):
    SUPPORTS = "supports", "supports it: is thanked"
    UNKNOWN = "unknown", "not known: is asked"
    OPPOSES = "opposes", "opposes it: is asked"


class Position(models.Model):
    campaign = models.ForeignKey(LetterCampaign, on_delete=models.CASCADE, related_name="positions")
    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="positions", verbose_name="office")
    stance = models.CharField(
        "stance",
        max_length=10,
        choices=Stance,
        default=Stance.UNKNOWN,
        help_text="Decides which text constituents find in the form.",
    )
    source = models.CharField("source", max_length=300, blank=True, help_text="Where this can be read.")

    class Meta:
        verbose_name = "position"
        verbose_name_plural = "positions"
        ordering = ["office__state", "office__senate_class"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "office"],
                name="position_once",
                violation_error_message="This senator's position is recorded already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.office}: {self.get_stance_display()}"
