"""What limits need to remember, staff's rules for domains, and the pause of the whole site.

Nothing here names a person.
"""

import re
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from campaign.secrecy.addresses import LONGEST_DOMAIN, canonical_domain
from campaign.translation import for_staff, for_staff_lazy

DOMAIN = re.compile(r"(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z][a-z0-9-]*[a-z0-9]")


class Allowance(models.Model):
    """What was granted lately under a keyed hash; forgotten once the longest limit has passed since the last grant."""

    key = models.BinaryField(primary_key=True)
    granted_at = ArrayField(models.DateTimeField())
    forget_at = models.DateTimeField(db_index=True)


class Meter(models.Model):
    """A leaking bucket under a keyed hash: how full it is follows from when it will be empty."""

    key = models.BinaryField(primary_key=True)
    empties_at = models.DateTimeField(db_index=True)


def canonical(pattern: str) -> str:
    """As the domains of signers are written: in punycode, and under the one name of a provider that has several.

    >>> canonical("*.BÜCHER.example"), canonical("@googlemail.com")
    ('*.xn--bcher-kva.example', 'gmail.com')
    """
    text = pattern.strip().removeprefix("@")
    below = "*." if text.startswith("*.") else ""
    return below + canonical_domain(text.removeprefix(below))


def is_pattern(text: str) -> bool:
    """Of a canonical one: whether it can match anything.

    >>> is_pattern("*.example.org"), is_pattern("*example.org"), is_pattern("ana@example.org")
    (True, False, False)
    """
    return bool(DOMAIN.fullmatch(text))


class DomainRule(models.Model):
    """A rule of staff's for a mail domain; `*.example.org` means it and everything below it."""

    class Verdict(models.TextChoices):
        BLOCKED = "blocked", for_staff_lazy("blocked: signatures are held")
        ALLOWED = "allowed", for_staff_lazy("allowed: no limit for the domain")

    pattern = models.CharField(
        for_staff_lazy("domain"),
        max_length=LONGEST_DOMAIN,
        unique=True,
        help_text=for_staff_lazy("example.org, or *.example.org with all below it."),
    )
    verdict = models.CharField(for_staff_lazy("verdict"), max_length=8, choices=Verdict)
    note = models.CharField(
        for_staff_lazy("note"), max_length=200, blank=True, help_text=for_staff_lazy("Why, and who decided.")
    )
    created_at = models.DateTimeField(for_staff_lazy("created at"), db_default=Now())

    class Meta:
        verbose_name = for_staff_lazy("domain rule")
        verbose_name_plural = for_staff_lazy("domain rules")
        ordering = ["pattern"]

    def __str__(self) -> str:
        return self.pattern

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pattern = canonical(self.pattern)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        self.pattern = canonical(self.pattern)
        if not is_pattern(self.pattern):
            raise ValidationError({"pattern": for_staff("Write a domain, as in example.org, or *.example.org.")})


class SitePauseQuerySet(models.QuerySet["SitePause"]):
    def on(self) -> Self:
        return self.filter(is_on=True)


class SitePause(models.Model):
    """The one switch that stops signing and writing on the whole site. A missing row means that it is off."""

    is_on = models.BooleanField(
        for_staff_lazy("paused"),
        default=False,
        help_text=for_staff_lazy(
            "While this is ticked nobody can sign a petition or write a letter. Links in mails still confirm, and"
            " confirmed letters still go out: to stop those, pause their channel."
        ),
    )

    objects = SitePauseQuerySet.as_manager()

    class Meta:
        verbose_name = for_staff_lazy("pause of the whole site")
        verbose_name_plural = for_staff_lazy("pause of the whole site")
        constraints = [models.CheckConstraint(name="site_pause_is_one_row", condition=Q(pk=1))]

    def __str__(self) -> str:
        return str(
            for_staff("Signing and writing are paused everywhere")
            if self.is_on
            else for_staff("Signing and writing go on")
        )
