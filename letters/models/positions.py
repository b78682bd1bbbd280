"""Where senators stand on a campaign's ask, as staff found out, so that a supporter is thanked and others are asked."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from letters.models.campaigns import LetterCampaign
from letters.models.offices import Office


class Stance(models.TextChoices):
    SUPPORTS = "supports", _("supports it: is thanked")
    UNKNOWN = "unknown", _("not known: is asked")
    OPPOSES = "opposes", _("opposes it: is asked")


class Position(models.Model):
    campaign = models.ForeignKey(LetterCampaign, on_delete=models.CASCADE, related_name="positions")
    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="positions", verbose_name=_("office"))
    stance = models.CharField(
        _("stance"),
        max_length=10,
        choices=Stance,
        default=Stance.UNKNOWN,
        help_text=_("Decides which text constituents find in the form."),
    )
    source = models.CharField(_("source"), max_length=300, blank=True, help_text=_("Where this can be read."))

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        ordering = ["office__state", "office__senate_class"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "office"],
                name="position_once",
                violation_error_message=_("This senator's position is recorded already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.office}: {self.get_stance_display()}"
