"""What staff printed at once for an office, and what became of that paper."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from campaign.translation import for_staff_lazy
from letters.models.recipients.offices import Office


class PrintRun(models.Model):
    """Letters to one office that were printed together; each has its number in the run, whatever becomes of others."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, verbose_name=for_staff_lazy("office"))
    letter_count = models.PositiveIntegerField(for_staff_lazy("letters"))
    printed_at = models.DateTimeField(for_staff_lazy("printed at"), db_default=Now())
    printed_by = models.CharField(for_staff_lazy("printed by"), max_length=150)
    posted_at = models.DateTimeField(for_staff_lazy("posted at"), null=True, blank=True)
    posted_by = models.CharField(for_staff_lazy("posted by"), max_length=150, blank=True)
    undone_at = models.DateTimeField(for_staff_lazy("undone at"), null=True, blank=True)
    undone_by = models.CharField(for_staff_lazy("undone by"), max_length=150, blank=True)

    class Meta:
        verbose_name = for_staff_lazy("print run")
        verbose_name_plural = for_staff_lazy("print runs")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="printrun_posted_by_somebody",
                condition=Q(posted_at__isnull=True, posted_by="") | Q(posted_at__isnull=False) & ~Q(posted_by=""),
            ),
            models.CheckConstraint(
                name="printrun_is_posted_or_undone", condition=Q(posted_at__isnull=True) | Q(undone_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office}, {self.pk}"
