"""Printed sheets, and rows that a second person types again to measure typing errors."""

from typing import NamedTuple, Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Now

from campaign.translation import for_staff_lazy
from petitions.models.paper import BatchState, PaperBatch
from petitions.models.text import PetitionText

DIFFERS = Q(is_equal=False, settlement="", digest__isnull=False)  # those of older releases have no digest
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


class Settlement(models.TextChoices):
    """How a row ended whose second typing differed."""

    FIRST = "first", for_staff_lazy("right as typed first")
    CORRECTED = "corrected", for_staff_lazy("corrected")
    STRUCK = "struck", for_staff_lazy("struck out")


class RekeyingQuerySet(models.QuerySet["Rekeying"]):
    def open(self, batch: PaperBatch) -> Self:
        """Return rows that wait for the second typing, or differ in it and are not settled."""
        return self.filter(Q(is_equal=None) | DIFFERS, batch=batch).order_by("row")

    def differing(self) -> Self:
        """Return rows that somebody must look up on the paper, of batches that stand."""
        return self.filter(DIFFERS).exclude(batch__state__in=[BatchState.UNDOING, BatchState.UNDONE])

    def for_second(self, person: AbstractBaseUser) -> Self:
        """Return rows that somebody other than `person` typed first."""
        return self.exclude(typed_by=person.pk)

    def result(self, batch: PaperBatch) -> "SecondTyping":
        counted = self.filter(batch=batch).aggregate(
            chosen=Count("pk"),
            done=Count("pk", filter=Q(is_equal__isnull=False)),
            right=Count("pk", filter=Q(is_equal=True) | Q(settlement=Settlement.FIRST)),
            corrected=Count("pk", filter=Q(settlement=Settlement.CORRECTED)),
            struck=Count("pk", filter=Q(settlement=Settlement.STRUCK)),
        )
        return SecondTyping(**counted)


class SecondTyping(NamedTuple):
    """How the sample of a batch came out, in rows."""

    chosen: int
    done: int  # typed again
    right: int  # as typed first
    corrected: int
    struck: int

    @property
    def differing(self) -> int:
        """Return how many differ and are not settled."""
        return self.done - self.right - self.corrected - self.struck

    @property
    def percent_wrong(self) -> float:
        """Return how many of a hundred rows were typed wrong at first; what is not settled counts as wrong."""
        return 100 * (self.done - self.right) / self.done if self.done else 0.0


class Rekeying(models.Model):
    """A row chosen at random to be typed twice.

    `digest` has a keyed hash of each thing that `typed_by` typed; it is deleted once what `keyed_by` typed is the same,
    or the row is settled.
    """

    batch = models.ForeignKey(PaperBatch, on_delete=models.CASCADE, db_index=False, related_name="rekeyings")
    row = models.PositiveIntegerField()
    digest = models.BinaryField(null=True)
    is_equal = models.BooleanField(null=True)
    settlement = models.CharField(max_length=9, choices=Settlement, blank=True, default="", db_default="")
    typed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    keyed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = RekeyingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "row"], name="rekeying_once_per_row")]
        indexes = [models.Index(fields=["batch"], name="rekeying_differing", condition=DIFFERS)]
