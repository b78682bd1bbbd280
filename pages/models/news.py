"""News: press releases, statements with those who signed them, and articles."""

from datetime import datetime
from typing import Any, Self

from django.db import models, transaction
from django.db.models import Prefetch
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.database import clock
from campaign.translation import for_staff_lazy
from pages.models.blocks import Block
from pages.models.redirect import Redirect
from pages.publishing.publishable import Publishable, PublishableQuerySet, State
from pages.publishing.translatable import Translatable, Written


class Category(models.TextChoices):
    PRESS_RELEASE = "press-release", _("Press release")
    STATEMENT = "statement", _("Statement")
    ARTICLE = "article", _("Article")


class NewsQuerySet(PublishableQuerySet):
    def newest(self) -> Self:
        return self.order_by("-published_on", "-id")

    def of_category(self, category: str) -> Self:
        return self.filter(category=category) if category else self

    def of_year(self, year: int | None) -> Self:
        return self.filter(published_on__year=year) if year else self

    def years(self) -> list[int]:
        """Newest first."""
        return [day.year for day in self.dates("published_on", "year", order="DESC")]

    def appeared_since(self, moment: datetime) -> Self:
        """Those shown only after `moment`. An older release has not noted when: its time or its making stands in."""
        return self.alias(seen_since=Coalesce("appeared_at", "publish_at", "created_at")).filter(seen_since__gt=moment)

    def related_to(self, item: "NewsItem") -> Self:
        return self.of_category(item.category).exclude(pk=item.pk).newest()

    def with_parts(self) -> Self:
        return self.select_related("social_picture").prefetch_related(
            Prefetch("blocks", NewsBlock.objects.with_targets()), "cosigners"
        )


class NewsItem(Written, Publishable):
    parts = ("blocks", "cosigners")
    translatable = ("title", "summary", "seo_description")
    left_out = ("seo_description",)
    read_with = ("blocks", "cosigners")

    category = models.CharField(
        for_staff_lazy("category"),
        max_length=15,
        choices=Category,
        help_text=for_staff_lazy("Press releases tell what happened; statements are signed; articles explain."),
    )
    published_on = models.DateField(
        for_staff_lazy("date"),
        null=True,
        blank=True,
        help_text=for_staff_lazy(
            "The date shown with the item, and its place in the list. Leave empty for the day on which it appears."
        ),
    )
    appeared_at = models.DateTimeField(for_staff_lazy("appeared at"), null=True, editable=False)
    slug = models.SlugField(
        for_staff_lazy("name in the address"),
        unique=True,
        max_length=100,
        help_text=for_staff_lazy("Made from the title; keep it once public."),
    )
    title = models.CharField(
        for_staff_lazy("title"), max_length=200, help_text=for_staff_lazy("What happened, and who did it.")
    )
    summary = models.TextField(
        for_staff_lazy("summary"),
        help_text=for_staff_lazy("Two or three sentences, shown in lists, in the feed and first."),
    )
    seo_description = models.CharField(
        for_staff_lazy("description for search engines"),
        max_length=170,
        blank=True,
        help_text=for_staff_lazy("Leave empty to use the summary."),
    )
    social_picture = models.ForeignKey(
        "pages.Picture",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=for_staff_lazy("picture for links"),
        help_text=for_staff_lazy(
            "Shown beside a link to this in messengers and networks, cut to 1200 by 630. Empty: one with the title."
        ),
    )
    created_at = models.DateTimeField(for_staff_lazy("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(for_staff_lazy("changed at"), auto_now=True)

    objects = NewsQuerySet.as_manager()

    class Meta:
        verbose_name = for_staff_lazy("news item")
        verbose_name_plural = for_staff_lazy("news")
        ordering = ["-published_on", "-id"]
        indexes = [models.Index(fields=["-published_on", "-id"], name="news_newest")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("pages:news-item", kwargs={"slug": self.slug})

    def note_appearing(self) -> None:
        """Note when visitors first see it, and its day unless staff chose one; until then both follow the schedule."""
        now = clock.now()
        if self.state != State.PUBLISHED or (self.appeared_at and self.appeared_at <= now):
            return
        if self.appeared_at and self.published_on == timezone.localtime(self.appeared_at).date():
            self.published_on = None
        self.appeared_at = max(now, self.publish_at or now)
        self.published_on = self.published_on or timezone.localtime(self.appeared_at).date()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """When the address changes, the old one leads on."""
        self.note_appearing()
        old = NewsItem.objects.filter(pk=self.pk).values_list("slug", flat=True).first()
        with transaction.atomic():
            super().save(*args, **kwargs)
            if old and old != self.slug:
                Redirect.objects.lead_on(item={f"news/{old}": self})


class NewsBlock(Block):
    item = models.ForeignKey(NewsItem, models.CASCADE, related_name="blocks", verbose_name=for_staff_lazy("news item"))

    class Meta(Block.Meta):
        verbose_name = for_staff_lazy("block")
        verbose_name_plural = for_staff_lazy("blocks")

    @property
    def original_language(self) -> str:
        return self.item.language


class Cosigner(Translatable):
    """An organisation that signed a statement, and whom to ask there."""

    translatable = ("organisation", "note", "contact")
    as_written = ("organisation", "contact")

    item = models.ForeignKey(
        NewsItem, models.CASCADE, related_name="cosigners", verbose_name=for_staff_lazy("news item")
    )
    order = models.PositiveSmallIntegerField(
        for_staff_lazy("place"), default=10, help_text=for_staff_lazy("Small numbers come first.")
    )
    organisation = models.CharField(
        for_staff_lazy("organisation"), max_length=200, help_text=for_staff_lazy("Its full name.")
    )
    note = models.CharField(
        for_staff_lazy("what it is"),
        max_length=300,
        blank=True,
        help_text=for_staff_lazy("Such as its status at the United Nations."),
    )
    contact = models.CharField(
        for_staff_lazy("contact"), max_length=200, blank=True, help_text=for_staff_lazy("Name and office of a person.")
    )
    email = models.EmailField(for_staff_lazy("e-mail"), blank=True, help_text=for_staff_lazy("Shown to visitors."))
    url = models.URLField(for_staff_lazy("web site"), blank=True, help_text=for_staff_lazy("Shown to visitors."))

    class Meta:
        verbose_name = for_staff_lazy("co-signer")
        verbose_name_plural = for_staff_lazy("co-signers")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.organisation

    @property
    def original_language(self) -> str:
        return self.item.language
