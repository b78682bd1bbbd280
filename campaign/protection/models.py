"""What limits need to remember, and what staff decided: about domains, and whether the site takes anything now. Nothing
here names a person."""

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from campaign.protection import patterns
from campaign.secrecy.addresses import LONGEST_DOMAIN


class Allowance(models.Model):
    """What was granted lately under a keyed hash; forgotten a day after the last grant."""

    key = models.BinaryField(primary_key=True)
    granted_at = ArrayField(models.DateTimeField())
    forget_at = models.DateTimeField(db_index=True)


class Meter(models.Model):
    """A leaking bucket under a keyed hash: how full it is follows from when it will be empty."""

    key = models.BinaryField(primary_key=True)
    empties_at = models.DateTimeField(db_index=True)


class DomainRule(models.Model):
    """What staff decided about a mail domain; `*.example.org` means it and everything below it."""

    class Verdict(models.TextChoices):
        BLOCKED = "blocked", _("blocked: signatures are held")
        ALLOWED = "allowed", _("allowed: no limit for the domain")

    pattern = models.CharField(
        _("domain"),
        max_length=LONGEST_DOMAIN,
        unique=True,
        help_text=_("example.org, or *.example.org with all below it."),
    )
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict)
    note = models.CharField(_("note"), max_length=200, blank=True, help_text=_("Why, and who decided."))
    created_at = models.DateTimeField(_("created at"), db_default=Now())

    class Meta:
        verbose_name = _("domain rule")
        verbose_name_plural = _("domain rules")
        ordering = ["pattern"]

    def __str__(self) -> str:
        return self.pattern

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pattern = patterns.canonical(self.pattern)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        self.pattern = patterns.canonical(self.pattern)
        if not patterns.is_pattern(self.pattern):
            raise ValidationError({"pattern": _("Write a domain, as in example.org, or *.example.org.")})


class SitePauseQuerySet(models.QuerySet["SitePause"]):
    def on(self) -> Self:
        return self.filter(is_on=True)


class SitePause(models.Model):
    """The one switch that stops signing and writing on the whole site. A missing row means that it is off."""

    is_on = models.BooleanField(
        _("paused"),
        default=False,
        help_text=_(
            "While this is ticked nobody can sign a petition or write a letter. Links in mails still confirm, and"
            " confirmed letters still go out: to stop those, pause their channel."
        ),
    )

    objects = SitePauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("pause of the whole site")
        verbose_name_plural = _("pause of the whole site")
        constraints = [models.CheckConstraint(name="site_pause_is_one_row", condition=Q(pk=1))]

    def __str__(self) -> str:
        return str(_("Signing and writing are paused everywhere") if self.is_on else _("Signing and writing go on"))
