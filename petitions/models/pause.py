from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SitePauseQuerySet(models.QuerySet["SitePause"]):
    def on(self) -> Self:
        return self.filter(is_on=True)


class SitePause(models.Model):
    """The one switch that stops signing on the whole site. A missing row means that it is off."""

    is_on = models.BooleanField(
        _("paused"),
        default=False,
        help_text=_("While this is ticked nobody can sign anything. Links in mails still confirm."),
    )

    objects = SitePauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("pause of the whole site")
        verbose_name_plural = _("pause of the whole site")
        constraints = [models.CheckConstraint(name="site_pause_is_one", condition=Q(pk=1))]

    def __str__(self) -> str:
        return str(_("Signing is paused everywhere") if self.is_on else _("Signing goes on"))
