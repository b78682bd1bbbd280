from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.db.models.functions import Now

from campaign.translation import for_staff, for_staff_lazy
from petitions.models.petition import Petition

FIRST_MILESTONES = [10_000, 100_000, 1_000_000, 10_000_000]  # what a new petition starts with


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    def open(self) -> Self:
        return self.filter(reached_at__isnull=True)

    def passed(self) -> Self:
        """Return milestones that the count has reached and nobody has recorded yet."""
        return self.open().filter(petition__total__count__gte=F("count"))


class Milestone(models.Model):
    """A number worth announcing. `reached_at` is set once and stays, even if the count falls below it again."""

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="milestones")
    count = models.PositiveIntegerField(
        for_staff_lazy("signatures"), help_text=for_staff_lazy("When the count gets here, staff get a mail.")
    )
    reached_at = models.DateTimeField(for_staff_lazy("reached at"), null=True, blank=True, editable=False)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = for_staff_lazy("milestone")
        verbose_name_plural = for_staff_lazy("milestones")
        ordering = ["petition", "count"]
        constraints = [models.UniqueConstraint(fields=["petition", "count"], name="milestone_once")]

    def __str__(self) -> str:
        return f"{self.count}"

    def clean(self) -> None:
        if self._state.adding and self.count and self.petition_id and self.count <= self.petition.count:
            raise ValidationError({"count": for_staff("The petition has more signatures already.")})
        if self.reached_at and not Milestone.objects.filter(pk=self.pk, count=self.count).exists():
            raise ValidationError({"count": for_staff("This one has been reached and stays. Add another.")})


class CountCheck(models.Model):
    """One nightly comparison of the counts with the rows."""

    checked_at = models.DateTimeField(for_staff_lazy("checked at"), db_default=Now())
    number = models.PositiveIntegerField(
        for_staff_lazy("differences"), help_text=for_staff_lazy("None means that every count equals the rows.")
    )
    differences: models.JSONField[Any, Any] = models.JSONField(
        for_staff_lazy("what differed"),
        default=list,
        help_text=for_staff_lazy("At most 1,000; all were mended by counting anew."),
    )

    class Meta:
        verbose_name = for_staff_lazy("check of the counts")
        verbose_name_plural = for_staff_lazy("checks of the counts")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.checked_at:%Y-%m-%d}: {self.number}"
