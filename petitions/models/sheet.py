"""Printed sheets, and rows that a second person types again to measure typing errors."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Now

from campaign.translation import for_staff_lazy
from petitions.models.paper import BatchState, PaperBatch
from petitions.models.text import PetitionText

PRINTED_ROWS = 10  # on each of our printed sheets


class PaperSheetQuerySet(models.QuerySet["PaperSheet"]):
    def out(self) -> Self:
        """Return sheets that have not been returned, or whose batch was taken back."""
        return self.filter(Q(batch=None) | Q(batch__state=BatchState.UNDONE)).select_related("text")


class PaperSheet(models.Model):
    """One printed sheet; its number is its primary key. It carries one wording in one language."""

    text = models.ForeignKey(
        PetitionText, on_delete=models.PROTECT, verbose_name=for_staff_lazy("wording"), related_name="+"
    )
    printed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        verbose_name=for_staff_lazy("printed by"),
        related_name="+",
    )
    printed_at = models.DateTimeField(for_staff_lazy("printed at"), db_default=Now())
    rows = models.PositiveSmallIntegerField(for_staff_lazy("rows"), default=PRINTED_ROWS, db_default=PRINTED_ROWS)
    batch = models.OneToOneField(
        PaperBatch,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=for_staff_lazy("batch"),
        related_name="sheet",
        help_text=for_staff_lazy("What came back on it; empty while it is out."),
    )

    objects = PaperSheetQuerySet.as_manager()

    class Meta:
        verbose_name = for_staff_lazy("printed sheet")
        verbose_name_plural = for_staff_lazy("printed sheets")

    def __str__(self) -> str:
        return str(self.pk)


class RekeyingQuerySet(models.QuerySet["Rekeying"]):
    def open(self, batch: PaperBatch) -> Self:
        return self.filter(batch=batch, is_equal=None).order_by("row")

    def for_second(self, person: AbstractBaseUser) -> Self:
        """Return rows that somebody other than `person` typed first."""
        return self.exclude(typed_by=person.pk)

    def result(self, batch: PaperBatch) -> tuple[int, int, int]:
        """Return the number of rows chosen, of rows typed again, and of these that differ."""
        counted = self.filter(batch=batch).aggregate(
            chosen=Count("pk"),
            done=Count("pk", filter=Q(is_equal__isnull=False)),
            wrong=Count("pk", filter=Q(is_equal=False)),
        )
        return counted["chosen"], counted["done"], counted["wrong"]


class Rekeying(models.Model):
    """A row chosen at random to be typed twice.

    `digest` is a keyed hash of what `typed_by` typed, deleted once it has been compared with what `keyed_by` typed.
    """

    batch = models.ForeignKey(PaperBatch, on_delete=models.CASCADE, db_index=False, related_name="rekeyings")
    row = models.PositiveIntegerField()
    digest = models.BinaryField(null=True)
    is_equal = models.BooleanField(null=True)
    typed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    keyed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = RekeyingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "row"], name="rekeying_once_per_row")]
