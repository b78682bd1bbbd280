"""News: press releases, statements with those who signed them, and articles."""

from typing import Any, Self

from django.db import models, transaction
from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pages.categories import Category
from pages.models.blocks import Block
from pages.models.redirect import Redirect
from pages.publishing import Publishable, PublishableQuerySet
from pages.translation import Translatable, Written


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

    def related_to(self, item: "NewsItem") -> Self:
        return self.of_category(item.category).exclude(pk=item.pk).newest()

    def with_parts(self) -> Self:
        return self.select_related("social_picture").prefetch_related(
            Prefetch("blocks", NewsBlock.objects.with_targets()), "cosigners"
        )


class NewsItem(Written, Publishable):
    parts = ("blocks", "cosigners")
    translatable = ("title", "summary", "seo_description")

    category = models.CharField(
        _("category"),
        max_length=15,
        choices=Category,
        help_text=_("Press releases tell what happened; statements are signed; articles explain."),
    )
    published_on = models.DateField(
        _("date"), default=timezone.localdate, help_text=_("The date shown with the item, and its place in the list.")
    )
    slug = models.SlugField(
        _("name in the address"), unique=True, max_length=100, help_text=_("Made from the title; keep it once public.")
    )
    title = models.CharField(_("title"), max_length=200, help_text=_("What happened, and who did it."))
    summary = models.TextField(
        _("summary"), help_text=_("Two or three sentences, shown in lists, in the feed and first.")
    )
    seo_description = models.CharField(
        _("description for search engines"), max_length=170, blank=True, help_text=_("Leave empty to use the summary.")
    )
    social_picture = models.ForeignKey(
        "pages.Picture",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture for links"),
        help_text=_(
            "Shown beside a link to this in messengers and networks, cut to 1200 by 630. Empty: one with the title."
        ),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    objects = NewsQuerySet.as_manager()

    class Meta:
        verbose_name = _("news item")
        verbose_name_plural = _("news")
        ordering = ["-published_on", "-id"]
        indexes = [models.Index(fields=["-published_on", "-id"], name="news_newest")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("pages:news-item", kwargs={"slug": self.slug})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """When the address changes, the old one leads on."""
        old = NewsItem.objects.filter(pk=self.pk).values_list("slug", flat=True).first()
        with transaction.atomic():
            super().save(*args, **kwargs)
            if old and old != self.slug:
                Redirect.objects.lead_on(item={f"news/{old}": self})


class NewsBlock(Block):
    item = models.ForeignKey(NewsItem, models.CASCADE, related_name="blocks", verbose_name=_("news item"))

    class Meta(Block.Meta):
        verbose_name = _("block")
        verbose_name_plural = _("blocks")

    @property
    def original_language(self) -> str:
        return self.item.language


class Cosigner(Translatable):
    """An organisation that signed a statement, and whom to ask there."""

    translatable = ("organisation", "note", "contact")

    item = models.ForeignKey(NewsItem, models.CASCADE, related_name="cosigners", verbose_name=_("news item"))
    order = models.PositiveSmallIntegerField(_("place"), default=10, help_text=_("Small numbers come first."))
    organisation = models.CharField(_("organisation"), max_length=200, help_text=_("Its full name."))
    note = models.CharField(
        _("what it is"), max_length=300, blank=True, help_text=_("Such as its status at the United Nations.")
    )
    contact = models.CharField(_("contact"), max_length=200, blank=True, help_text=_("Name and office of a person."))
    email = models.EmailField(_("e-mail"), blank=True, help_text=_("Shown to visitors."))
    url = models.URLField(_("web site"), blank=True, help_text=_("Shown to visitors."))

    class Meta:
        verbose_name = _("co-signer")
        verbose_name_plural = _("co-signers")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.organisation
