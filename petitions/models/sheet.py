"""Printed sheets, and rows that a second person types again so that mistakes of typing are known."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from petitions.models.paper import BatchState, PaperBatch
from petitions.models.text import PetitionText


class PaperSheetQuerySet(models.QuerySet["PaperSheet"]):
    def out(self) -> Self:
        """Not come back yet, or come back as a batch that was taken back."""
        return self.filter(Q(batch=None) | Q(batch__state=BatchState.UNDONE)).select_related("text")


class PaperSheet(models.Model):
    """One printed sheet; its number is its key. It carries one wording in one language."""

    text = models.ForeignKey(PetitionText, on_delete=models.PROTECT, verbose_name=_("wording"), related_name="+")
    printed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, verbose_name=_("printed by"), related_name="+"
    )
    printed_at = models.DateTimeField(_("printed at"), db_default=Now())
    batch = models.OneToOneField(
        PaperBatch,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("batch"),
        related_name="sheet",
        help_text=_("What came back on it; empty while it is out."),
    )

    objects = PaperSheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("printed sheet")
        verbose_name_plural = _("printed sheets")

    def __str__(self) -> str:
        return str(self.pk)


class RekeyingQuerySet(models.QuerySet["Rekeying"]):
    def open(self, batch: PaperBatch) -> Self:
        return self.filter(batch=batch, is_equal=None).order_by("row")

    def for_second(self, person: AbstractBaseUser) -> Self:
        """Those that somebody else typed first."""
        return self.exclude(typed_by=person.pk)

    def result(self, batch: PaperBatch) -> tuple[int, int, int]:
        """Rows chosen, rows typed again, and how many of these differ."""
        counted = self.filter(batch=batch).aggregate(
            chosen=Count("pk"),
            done=Count("pk", filter=Q(is_equal__isnull=False)),
            wrong=Count("pk", filter=Q(is_equal=False)),
        )
        return counted["chosen"], counted["done"], counted["wrong"]


class Rekeying(models.Model):
    """A row chosen by chance. `digest` is a keyed hash of what `typed_by` typed, gone once it has been compared with
    what `keyed_by` typed."""

    batch = models.ForeignKey(PaperBatch, on_delete=models.CASCADE, db_index=False, related_name="rekeyings")
    row = models.PositiveIntegerField()
    digest = models.BinaryField(null=True)
    is_equal = models.BooleanField(null=True)
    typed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    keyed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = RekeyingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "row"], name="rekeying_once_per_row")]
