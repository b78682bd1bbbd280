"""The record of evidence: who said what, when, and where to read it."""

from typing import Self

from django.db import models
from django.utils import formats

from campaign.translation import for_staff_lazy
from pages.publishing.publishable import Publishable, PublishableQuerySet
from pages.publishing.richtext import RichTextField
from pages.publishing.translatable import Translatable


class Precision(models.TextChoices):
    DAY = "day", for_staff_lazy("day")
    MONTH = "month", for_staff_lazy("month")
    YEAR = "year", for_staff_lazy("year")


class Dated(models.Model):
    """On a day that may be known only to the month or the year."""

    happened_on = models.DateField(
        for_staff_lazy("date"),
        help_text=for_staff_lazy("If only the month or year is known, choose its first day and say so beside it."),
    )
    precision = models.CharField(
        for_staff_lazy("known to the"),
        max_length=5,
        choices=Precision,
        default=Precision.DAY,
        help_text=for_staff_lazy("How exact the date is."),
    )

    class Meta:
        abstract = True

    @property
    def shown_date(self) -> str:
        styles = {"day": "DATE_FORMAT", "month": "YEAR_MONTH_FORMAT", "year": "Y"}
        return formats.date_format(self.happened_on, styles[self.precision])

    @property
    def machine_date(self) -> str:
        styles = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}
        return self.happened_on.strftime(styles[self.precision])


class TimelineQuerySet(PublishableQuerySet):
    def shown(self) -> Self:
        """Return what visitors see, with the covers of the documents."""
        return self.published().select_related("picture")

    def newest(self) -> Self:
        return self.order_by("-happened_on", "-id")


class TimelineEntry(Translatable, Publishable, Dated):
    translatable = ("title", "who", "what", "source")
    as_written = ("source",)

    title = models.CharField(
        for_staff_lazy("title"), max_length=200, help_text=for_staff_lazy("What happened, in a few words.")
    )
    who = models.CharField(
        for_staff_lazy("who"), max_length=300, help_text=for_staff_lazy("Who says so: the authors or the institution.")
    )
    what = RichTextField(
        for_staff_lazy("what"),
        help_text=for_staff_lazy("What they found, in our words, as theirs: “They conclude that …”."),
    )
    source = models.CharField(
        for_staff_lazy("where to read it"),
        max_length=300,
        help_text=for_staff_lazy("Title and publisher of the document, as a library would."),
    )
    source_url = models.URLField(
        for_staff_lazy("address of the source"), blank=True, help_text=for_staff_lazy("Best at the publisher's own.")
    )
    picture = models.ForeignKey(
        "pages.Picture",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=for_staff_lazy("cover of the document"),
        help_text=for_staff_lazy("A picture of its first page, from the library. Empty: a sheet with its title."),
    )

    objects = TimelineQuerySet.as_manager()

    class Meta:
        verbose_name = for_staff_lazy("timeline entry")
        verbose_name_plural = for_staff_lazy("timeline of the evidence")
        ordering = ["happened_on", "id"]

    def __str__(self) -> str:
        return self.title
