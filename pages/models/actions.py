"""What each audience can do: one ordered list for each."""

from typing import Self

from django.db import models
from django.db.models import Prefetch
from django.urls import reverse

from campaign.translation import for_staff_lazy
from pages.models.targets import TARGETS, Targeted
from pages.models.timeline import Dated
from pages.publishing.publishable import Publishable, PublishableQuerySet
from pages.publishing.richtext import RichTextField
from pages.publishing.translatable import Translatable


class AudienceQuerySet(PublishableQuerySet):
    def with_actions(self) -> Self:
        return self.prefetch_related(Prefetch("actions", Action.objects.published().with_links()))


class Audience(Translatable, Publishable):
    parts = ("actions",)
    translatable = ("name", "lede")

    slug = models.SlugField(
        for_staff_lazy("name in the address"),
        unique=True,
        max_length=80,
        help_text=for_staff_lazy("Such as “medicine”."),
    )
    name = models.CharField(
        for_staff_lazy("name"),
        max_length=120,
        help_text=for_staff_lazy("As it answers “Who are you?”, such as “Medical profession”."),
    )
    lede = models.TextField(
        for_staff_lazy("lede"), blank=True, help_text=for_staff_lazy("One or two sentences: why this audience matters.")
    )
    order = models.PositiveSmallIntegerField(
        for_staff_lazy("place"), default=10, help_text=for_staff_lazy("Small numbers come first.")
    )

    objects = AudienceQuerySet.as_manager()

    class Meta:
        verbose_name = for_staff_lazy("action list")
        verbose_name_plural = for_staff_lazy("action lists")
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
    part_of = "audience"
    translatable = ("title", "explanation", "link_text")
    read_with = ("examples",)

    audience = models.ForeignKey(
        Audience,
        models.PROTECT,
        related_name="actions",
        verbose_name=for_staff_lazy("action list"),
        help_text=for_staff_lazy("The list that this entry stands in."),
    )
    order = models.PositiveSmallIntegerField(
        for_staff_lazy("place"), default=10, help_text=for_staff_lazy("Small numbers come first.")
    )
    title = models.CharField(
        for_staff_lazy("short text"),
        max_length=200,
        help_text=for_staff_lazy("What to do, as advice: “Ask about the source of every organ”."),
    )
    explanation = RichTextField(
        for_staff_lazy("explanation"),
        blank=True,
        help_text=for_staff_lazy("Why it helps and how to go about it, in a few sentences."),
    )

    objects = ActionQuerySet.as_manager()

    class Meta(Targeted.Meta):
        verbose_name = for_staff_lazy("action")
        verbose_name_plural = for_staff_lazy("actions")
        ordering = ["audience__order", "order", "id"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{self.audience.get_absolute_url()}#action-{self.pk}"


class Source(models.Model):
    action = models.ForeignKey(Action, models.CASCADE, related_name="sources", verbose_name=for_staff_lazy("action"))
    order = models.PositiveSmallIntegerField(
        for_staff_lazy("place"), default=10, help_text=for_staff_lazy("Small numbers come first.")
    )
    title = models.CharField(
        for_staff_lazy("source"), max_length=300, help_text=for_staff_lazy("Who published what, and when.")
    )
    url = models.URLField(for_staff_lazy("address"), blank=True, help_text=for_staff_lazy("Where it can be read."))

    class Meta:
        verbose_name = for_staff_lazy("source")
        verbose_name_plural = for_staff_lazy("sources")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.title


class Example(Translatable, Dated):
    """Where the action has been done already: who passed which law when."""

    translatable = ("place", "what")

    action = models.ForeignKey(Action, models.CASCADE, related_name="examples", verbose_name=for_staff_lazy("action"))
    place = models.CharField(
        for_staff_lazy("country or body"), max_length=120, help_text=for_staff_lazy("Such as “Spain”.")
    )
    what = models.TextField(
        for_staff_lazy("what was done"),
        help_text=for_staff_lazy("A sentence: which law or decision, and what it does."),
    )
    source = models.CharField(
        for_staff_lazy("source"),
        max_length=300,
        help_text=for_staff_lazy("The law or decision, as a library names it."),
    )
    source_url = models.URLField(
        for_staff_lazy("address of the source"), blank=True, help_text=for_staff_lazy("Best at the publisher's own.")
    )

    class Meta:
        verbose_name = for_staff_lazy("example")
        verbose_name_plural = for_staff_lazy("done already: examples by country")
        ordering = ["happened_on", "id"]

    def __str__(self) -> str:
        return self.place
