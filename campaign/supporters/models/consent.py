"""The wordings that people agreed to."""

from django.db import models
from django.db.models.functions import Now


class Consent(models.Model):
    """A wording that people agreed to, kept for as long as any record points at it."""

    purpose = models.CharField("purpose", max_length=20, help_text="What it is asked for, such as “newsletter”.")
    language = models.CharField("language", max_length=10)
    wording = models.TextField("wording", help_text="Exactly what stood beside the box.")
    created_at = models.DateTimeField("created at", db_default=Now())

    class Meta:
        verbose_name = "consent wording"
        verbose_name_plural = "consent wordings"
        constraints = [models.UniqueConstraint(fields=["purpose", "language", "wording"], name="consent_wording_once")]

    def __str__(self) -> str:
        return f"{self.purpose} ({self.language}) {self.wording[:40]}"
