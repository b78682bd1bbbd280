"""Where a call to act leads: a petition, a letter campaign, a page, or an address elsewhere."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from campaign.appeals.models import Appeal, Visibility
from campaign.translation import for_staff, for_staff_lazy
from letters.models import LetterCampaign
from petitions.models import Petition

TARGETS = ("petition", "letter_campaign", "target_page")


class TargetedQuerySet(models.QuerySet):
    def with_targets(self) -> Self:
        return self.select_related(*TARGETS)


def at_most_one(*names: str) -> Q:
    """Of the foreign keys `names` and `url`, one is set or none."""
    unset = {name: Q(**{name: None}) for name in names} | {"url": Q(url="")}
    alternatives = [Q(*(test for other, test in unset.items() if other != name)) for name in unset]
    condition = alternatives[0]
    for alternative in alternatives[1:]:
        condition |= alternative
    return condition


class Targeted(models.Model):
    link_text = models.CharField(
        for_staff_lazy("text of the button"),
        max_length=80,
        blank=True,
        help_text=for_staff_lazy("What it does, such as “Sign the petition”."),
    )
    petition = models.ForeignKey(
        Petition,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=for_staff_lazy("petition"),
        help_text=for_staff_lazy("The button leads to this petition."),
    )
    letter_campaign = models.ForeignKey(
        LetterCampaign,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=for_staff_lazy("letter campaign"),
        help_text=for_staff_lazy("The button leads to this letter campaign."),
    )
    target_page = models.ForeignKey(
        "pages.Page",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=for_staff_lazy("page"),
        help_text=for_staff_lazy("The button leads to this page."),
    )
    url = models.URLField(
        for_staff_lazy("address elsewhere"),
        blank=True,
        help_text=for_staff_lazy("The button leads to this address on another site."),
    )

    class Meta:
        abstract = True
        constraints = [models.CheckConstraint(name="%(class)s_one_target", condition=at_most_one(*TARGETS))]

    def clean(self) -> None:
        if len(self.targets()) > 1:
            raise ValidationError(for_staff("Choose one place that the button leads to."))
        if self.targets() and not self.link_text and not self.says_by_itself():
            raise ValidationError({"link_text": for_staff("Write what the button says.")})

    def says_by_itself(self) -> bool:
        """Return whether its button says what it does where staff wrote nothing for it."""
        return False

    def targets(self) -> list[Any]:
        return [target for target in (*(getattr(self, name) for name in TARGETS), self.url) if target]

    @property
    def target_url(self) -> str:
        """Where the button leads; empty while visitors cannot see what is there."""
        return next((address_of(target) for target in self.targets()), "")


def address_of(target: Any) -> str:
    if isinstance(target, str):
        return target
    return str(target.get_absolute_url()) if is_visible(target) else ""


def is_visible(target: Any) -> bool:
    if isinstance(target, Appeal):
        return target.visibility == Visibility.PUBLISHED
    return bool(target.is_published)
