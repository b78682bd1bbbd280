"""Addresses that content had before: they lead on to where it is now."""

from typing import Any, Self

from django.db import models
from django.db.models.functions import Now

from campaign.translation import for_staff_lazy


class RedirectQuerySet(models.QuerySet["Redirect"]):
    def from_path(self, path: str) -> Self:
        return self.filter(path=path).select_related("page", "item")

    def lead_on(self, **targets: dict[str, Any]) -> None:
        """`page` or `item`: from each old address to what stood there."""
        for name, moved in targets.items():
            rows = [Redirect(path=path, **{name: target}) for path, target in moved.items()]
            Redirect.objects.bulk_create(
                rows, update_conflicts=True, unique_fields=["path"], update_fields=["page", "item"]
            )


class Redirect(models.Model):
    """`path` is without slashes at its ends and without a language: `about/team`, `news/old-name`."""

    path = models.CharField(
        for_staff_lazy("old address"),
        max_length=400,
        unique=True,
        help_text=for_staff_lazy(
            "What stands after the site's name, without a language: “about/old-name”, “news/old-name”."
        ),
    )
    page = models.ForeignKey(
        "pages.Page",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=for_staff_lazy("leads to the page"),
        help_text=for_staff_lazy("In the visitor's language."),
    )
    item = models.ForeignKey(
        "pages.NewsItem",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=for_staff_lazy("or to the news item"),
        help_text=for_staff_lazy("In the visitor's language."),
    )
    created_at = models.DateTimeField(for_staff_lazy("since"), db_default=Now(), editable=False)

    objects = RedirectQuerySet.as_manager()

    class Meta:
        verbose_name = for_staff_lazy("old address")
        verbose_name_plural = for_staff_lazy("old addresses")
        constraints = [
            models.CheckConstraint(
                name="redirect_leads_to_one_thing",
                condition=models.Q(page=None, item__isnull=False) | models.Q(page__isnull=False, item=None),
            )
        ]

    def __str__(self) -> str:
        return self.path

    @property
    def target(self) -> Any:
        return self.page or self.item
