"""The record of evidence: who said what, when, and where to read it."""

from django.db import models
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from pages.publishing import Publishable, PublishableQuerySet
from pages.richtext import RichTextField
from pages.translation import Translatable


class TimelineEntry(Translatable, Publishable):
    class Precision(models.TextChoices):
        DAY = "day", _("day")
        MONTH = "month", _("month")
        YEAR = "year", _("year")

    translatable = ("title", "who", "what", "source")

    happened_on = models.DateField(
        _("date"), help_text=_("If only the month or year is known, choose its first day and say so beside it.")
    )
    precision = models.CharField(
        _("known to the"), max_length=5, choices=Precision, default=Precision.DAY, help_text=_("How exact the date is.")
    )
    title = models.CharField(_("title"), max_length=200, help_text=_("What happened, in a few words."))
    who = models.CharField(_("who"), max_length=300, help_text=_("Who says so: the authors or the institution."))
    what = RichTextField(_("what"), help_text=_("What they found, in our words, as theirs: “They conclude that …”."))
    source = models.CharField(
        _("where to read it"), max_length=300, help_text=_("Title and publisher of the document, as a library would.")
    )
    source_url = models.URLField(_("address of the source"), blank=True, help_text=_("Best at the publisher's own."))

    objects = PublishableQuerySet.as_manager()

    class Meta:
        verbose_name = _("timeline entry")
        verbose_name_plural = _("timeline of the evidence")
        ordering = ["happened_on", "id"]

    def __str__(self) -> str:
        return self.title

    @property
    def shown_date(self) -> str:
        styles = {"day": "DATE_FORMAT", "month": "YEAR_MONTH_FORMAT", "year": "Y"}
        return formats.date_format(self.happened_on, styles[self.precision])

    @property
    def machine_date(self) -> str:
        styles = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}
        return self.happened_on.strftime(styles[self.precision])
