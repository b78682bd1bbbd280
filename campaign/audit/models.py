from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One act of staff. No foreign key: an entry outlives the account and the thing it tells of."""

    at = models.DateTimeField(_("when"), db_default=Now())
    who = models.CharField(_("who"), max_length=150, blank=True, help_text=_("A user name; empty for the site itself."))
    act = models.CharField(_("act"), max_length=60, help_text=_("What was done."))
    on = models.CharField(_("on what"), max_length=120, help_text=_("Kind and number of what was acted on."))
    details = models.JSONField(_("details"), default=dict, help_text=_("Numbers and parameters, nothing personal."))

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [models.Index(fields=[column], name=f"audit_{column}") for column in ("who", "act", "on")]

    def __str__(self) -> str:
        return f"{self.who} {self.act} {self.on}"
