"""Pages: a tree of addresses, each page an ordered list of blocks."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Prefetch, Q, Value
from django.db.models.functions import Concat, Substr
from django.urls import reverse

from campaign.translation import for_staff, for_staff_lazy
from pages.models.blocks import Block
from pages.models.redirect import Redirect
from pages.publishing.publishable import Publishable, PublishableQuerySet
from pages.publishing.reserved_paths import is_reserved
from pages.publishing.translatable import Written

PRIVACY = "privacy"  # where the page stands that says what becomes of what people enter


class PageQuerySet(PublishableQuerySet):
    def under(self, path: str) -> Self:
        return self.filter(path__startswith=f"{path}/")

    def above(self, path: str) -> Self:
        """The pages on the way to `path`, outermost first."""
        parts = path.split("/")
        return self.filter(path__in=["/".join(parts[:depth]) for depth in range(1, len(parts))]).order_by("path")

    def with_blocks(self) -> Self:
        return self.select_related("social_picture").prefetch_related(
            Prefetch("blocks", PageBlock.objects.with_targets())
        )


class Page(Written, Publishable):
    class Menu(models.TextChoices):
        NONE = "", for_staff_lazy("No menu")
        HEADER = "header", for_staff_lazy("Top of every page")
        FOOTER = "footer", for_staff_lazy("Foot of every page")

    parts = ("blocks",)
    translatable = ("title", "kicker", "lede", "menu_title", "seo_title", "seo_description")
    left_out = ("menu_title", "seo_title", "seo_description")
    read_with = ("blocks",)

    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=for_staff_lazy("below"),
        help_text=for_staff_lazy("The page that this one stands below; its address begins with that page's address."),
    )
    slug = models.SlugField(
        for_staff_lazy("name in the address"),
        max_length=80,
        help_text=for_staff_lazy("Lower-case letters, digits and hyphens, such as “who-we-are”."),
    )
    path = models.CharField(for_staff_lazy("address"), max_length=400, unique=True, editable=False)
    title = models.CharField(
        for_staff_lazy("title"), max_length=200, help_text=for_staff_lazy("The heading of the page.")
    )
    kicker = models.CharField(
        for_staff_lazy("kicker"),
        max_length=120,
        blank=True,
        help_text=for_staff_lazy("A few words in small type above the title."),
    )
    lede = models.TextField(
        for_staff_lazy("lede"),
        blank=True,
        help_text=for_staff_lazy("One to three sentences below the title: what this page says."),
    )
    menu = models.CharField(
        for_staff_lazy("menu"),
        max_length=10,
        choices=Menu,
        default=Menu.NONE,
        blank=True,
        help_text=for_staff_lazy("Where it is linked."),
    )
    menu_title = models.CharField(
        for_staff_lazy("title in the menu"),
        max_length=60,
        blank=True,
        help_text=for_staff_lazy("Leave empty to use the title."),
    )
    menu_order = models.PositiveSmallIntegerField(
        for_staff_lazy("place in the menu"),
        default=50,
        help_text=for_staff_lazy(
            "Small numbers come first. The petitions stand at 10, the letters at 20, the news at 60."
        ),
    )
    seo_title = models.CharField(
        for_staff_lazy("title for search engines"),
        max_length=70,
        blank=True,
        help_text=for_staff_lazy("Leave empty to use the title."),
    )
    seo_description = models.CharField(
        for_staff_lazy("description for search engines"),
        max_length=170,
        blank=True,
        help_text=for_staff_lazy("Leave empty to use the lede."),
    )
    social_picture = models.ForeignKey(
        "pages.Picture",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=for_staff_lazy("picture for links"),
        help_text=for_staff_lazy("Shown beside a link to this in messengers and networks, cut to 1200 by 630."),
    )
    created_at = models.DateTimeField(for_staff_lazy("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(for_staff_lazy("changed at"), auto_now=True)

    objects = PageQuerySet.as_manager()

    class Meta:
        verbose_name = for_staff_lazy("page")
        verbose_name_plural = for_staff_lazy("pages")
        ordering = ["path"]
        constraints = [models.CheckConstraint(name="page_not_its_own_parent", condition=~Q(parent=F("id")))]

    def __str__(self) -> str:
        return self.title

    @property
    def decisive(self) -> tuple[str, ...]:
        return self.translatable if self.path == PRIVACY else ()

    def get_absolute_url(self) -> str:
        return reverse("pages:page", kwargs={"path": self.path})

    def clean(self) -> None:
        path = self.wanted_path()
        if is_reserved(path):
            raise ValidationError({"slug": for_staff("This address belongs to another part of the site.")})
        if Page.objects.filter(path=path).exclude(pk=self.pk).exists():
            raise ValidationError({"slug": for_staff("Another page has this address.")})
        if self.pk and self.parent and f"{self.parent.path}/".startswith(f"{self.path}/"):
            raise ValidationError({"parent": for_staff("A page cannot stand below itself.")})
        self.path = path

    def wanted_path(self) -> str:
        return f"{self.parent.path}/{self.slug}" if self.parent else self.slug

    def save(self, *args: Any, **kwargs: Any) -> None:
        """When the address changes, the pages below move along, and all old addresses lead on."""
        old = Page.objects.filter(pk=self.pk).values_list("path", flat=True).first()
        self.path = self.wanted_path()
        with transaction.atomic():
            super().save(*args, **kwargs)
            if old and old != self.path:
                Redirect.objects.lead_on(page={old: self} | {page.path: page for page in Page.objects.under(old)})
                Page.objects.under(old).update(path=Concat(Value(self.path), Substr("path", len(old) + 1)))


class PageBlock(Block):
    page = models.ForeignKey(Page, models.CASCADE, related_name="blocks", verbose_name=for_staff_lazy("page"))

    class Meta(Block.Meta):
        verbose_name = for_staff_lazy("block")
        verbose_name_plural = for_staff_lazy("blocks")

    @property
    def original_language(self) -> str:
        return self.page.language

    @property
    def decisive(self) -> tuple[str, ...]:
        return self.translatable if self.page.path == PRIVACY else ()
