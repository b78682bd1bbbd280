"""The wordings that people agreed to."""

from django.db import models
from django.db.models.functions import Now

from campaign.translation import for_staff_lazy


class Consent(models.Model):
    """A wording that people agreed to, kept for as long as any record points at it."""

    purpose = models.CharField(
        for_staff_lazy("purpose"),
        max_length=20,
        help_text=for_staff_lazy("What it is asked for, such as “newsletter”."),
    )
    language = models.CharField(for_staff_lazy("language"), max_length=10)
    wording = models.TextField(
        for_staff_lazy("wording"), help_text=for_staff_lazy("Exactly what stood beside the box.")
    )
    created_at = models.DateTimeField(for_staff_lazy("created at"), db_default=Now())

    class Meta:
        verbose_name = for_staff_lazy("consent wording")
        verbose_name_plural = for_staff_lazy("consent wordings")
        constraints = [models.UniqueConstraint(fields=["purpose", "language", "wording"], name="consent_wording_once")]

    def __str__(self) -> str:
        return f"{self.purpose} ({self.language}) {self.wording[:40]}"
