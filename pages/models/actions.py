"""What each audience can do: one ordered list for each."""

from typing import Self

from django.db import models
from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pages.models.dates import Dated
from pages.models.targets import TARGETS, Targeted
from pages.publishing import Publishable, PublishableQuerySet
from pages.richtext import RichTextField
from pages.translation import Translatable


class AudienceQuerySet(PublishableQuerySet):
    def with_actions(self) -> Self:
        return self.prefetch_related(Prefetch("actions", Action.objects.published().with_links()))


class Audience(Translatable, Publishable):
    translatable = ("name", "lede")
    translated_with = ("actions",)

    slug = models.SlugField(_("name in the address"), unique=True, max_length=80, help_text=_("Such as “medicine”."))
    name = models.CharField(
        _("name"), max_length=120, help_text=_("As it answers “Who are you?”, such as “Medical profession”.")
    )
    lede = models.TextField(_("lede"), blank=True, help_text=_("One or two sentences: why this audience matters."))
    order = models.PositiveSmallIntegerField(_("place"), default=10, help_text=_("Small numbers come first."))

    objects = AudienceQuerySet.as_manager()

    class Meta:
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("pages:audience", kwargs={"slug": self.slug})


class ActionQuerySet(PublishableQuerySet):
    def with_links(self) -> Self:
        return self.select_related(*TARGETS).prefetch_related("sources", "examples")


class Action(Translatable, Publishable, Targeted):
    parts = ("sources", "examples")
    translatable = ("title", "explanation", "link_text")

    audience = models.ForeignKey(
        Audience,
        models.PROTECT,
        related_name="actions",
        verbose_name=_("audience"),
        help_text=_("The list that this entry stands in."),
    )
    order = models.PositiveSmallIntegerField(_("place"), default=10, help_text=_("Small numbers come first."))
    title = models.CharField(
        _("short text"), max_length=200, help_text=_("What to do, as advice: “Ask about the source of every organ”.")
    )
    explanation = RichTextField(
        _("explanation"), blank=True, help_text=_("Why it helps and how to go about it, in a few sentences.")
    )

    objects = ActionQuerySet.as_manager()

    class Meta(Targeted.Meta):
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ["audience__order", "order", "id"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{self.audience.get_absolute_url()}#action-{self.pk}"


class Source(models.Model):
    action = models.ForeignKey(Action, models.CASCADE, related_name="sources", verbose_name=_("action"))
    order = models.PositiveSmallIntegerField(_("place"), default=10, help_text=_("Small numbers come first."))
    title = models.CharField(_("source"), max_length=300, help_text=_("Who published what, and when."))
    url = models.URLField(_("address"), blank=True, help_text=_("Where it can be read."))

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.title


class Example(Translatable, Dated):
    """Where the action has been done already: who passed which law when."""

    translatable = ("place", "what")

    action = models.ForeignKey(Action, models.CASCADE, related_name="examples", verbose_name=_("action"))
    place = models.CharField(_("country or body"), max_length=120, help_text=_("Such as “Spain”."))
    what = models.TextField(_("what was done"), help_text=_("A sentence: which law or decision, and what it does."))
    source = models.CharField(_("source"), max_length=300, help_text=_("The law or decision, as a library names it."))
    source_url = models.URLField(_("address of the source"), blank=True, help_text=_("Best at the publisher's own."))

    class Meta:
        verbose_name = _("example")
        verbose_name_plural = _("done already: examples by country")
        ordering = ["happened_on", "id"]

    def __str__(self) -> str:
        return self.place
