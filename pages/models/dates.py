"""Days that may be known only to the month or the year."""

from django.db import models
from django.utils import formats
from django.utils.translation import gettext_lazy as _


class Precision(models.TextChoices):
    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


class Dated(models.Model):
    happened_on = models.DateField(
        _("date"), help_text=_("If only the month or year is known, choose its first day and say so beside it.")
    )
    precision = models.CharField(
        _("known to the"), max_length=5, choices=Precision, default=Precision.DAY, help_text=_("How exact the date is.")
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
