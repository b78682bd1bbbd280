"""What staff say about the site as a whole: one row."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from campaign.database import clock
from letters.models import LetterCampaign
from pages.publishing.translatable import Translatable
from petitions.models import Petition


class SiteSettings(Translatable):
    parts = ("accounts",)
    translatable = ("name", "strapline", "introduction", "footer", "safety_note", "banner")

    name = models.CharField(
        "name of the site", max_length=120, help_text="Stands at the top of every page and in every title."
    )
    strapline = models.CharField("strapline", max_length=160, blank=True, help_text="A few words below the name.")
    introduction = models.TextField("the coalition in two sentences", blank=True, help_text="Shown on the home page.")
    contact_email = models.EmailField("contact e-mail", blank=True, help_text="Shown at the foot of every page.")
    footer = models.TextField("foot of the page", blank=True, help_text="A sentence or two below the menus.")
    safety_note = models.TextField(
        "safety note", blank=True, help_text="For people at risk; shown where personal data is asked for."
    )
    banner = models.TextField(
        "urgent notice", blank=True, help_text="A sentence or two at the top of every page; empty for none."
    )
    banner_url = models.URLField("where to read more", blank=True, help_text="The address that the notice leads to.")
    banner_from = models.DateTimeField(
        "notice from", null=True, blank=True, help_text="Shown with the notice. Empty: at once."
    )
    banner_until = models.DateTimeField(
        "notice until", null=True, blank=True, help_text="Then it disappears by itself."
    )
    contact_details = models.TextField(
        "postal address and telephone", blank=True, help_text="Shown on the page “Contact”, line by line."
    )
    logo = models.ForeignKey(
        "pages.Picture",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="logo",
        help_text="Beside the name at the top of every page. Empty: the candle.",
    )
    social_picture = models.ForeignKey(
        "pages.Picture",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="picture for links",
        help_text="Shown beside links to pages that have none of their own, cut to 1200 by 630.",
    )
    petition = models.ForeignKey(
        Petition,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="petition on the home page",
        help_text="Leave empty for none.",
    )
    letter_campaign = models.ForeignKey(
        LetterCampaign,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="letter campaign on the home page",
        help_text="Leave empty for none.",
    )

    class Meta:
        verbose_name = "site settings"
        verbose_name_plural = "site settings"
        constraints = [
            models.CheckConstraint(name="one_row_of_site_settings", condition=Q(id=1)),
            models.CheckConstraint(
                name="banner_ends_after_it_begins",
                condition=Q(banner_from=None) | Q(banner_until=None) | Q(banner_from__lt=F("banner_until")),
                violation_error_message="The urgent notice must begin before it ends.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def load(cls) -> Self:
        """The settings; before there are any, empty ones under the name of the coalition."""
        row = cls.objects.select_related("logo", "social_picture").prefetch_related("accounts").filter(pk=1).first()
        return row or cls(pk=1, name="International Coalition to End Organ Pillaging in China")

    @property
    def has_banner(self) -> bool:
        """Whether the notice is to be seen now."""
        now = clock.now()
        has_begun = self.banner_from is None or self.banner_from <= now
        return bool(self.banner) and has_begun and (self.banner_until is None or now < self.banner_until)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)


class SocialAccount(models.Model):
    site = models.ForeignKey(SiteSettings, models.CASCADE, related_name="accounts", verbose_name="site")
    order = models.PositiveSmallIntegerField("place", default=10, help_text="Small numbers come first.")
    label = models.CharField("name", max_length=60, help_text="Such as “Mastodon”.")
    url = models.URLField("address", help_text="Only https addresses. Nothing is loaded from there.")

    class Meta:
        verbose_name = "social account"
        verbose_name_plural = "social accounts"
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        if not self.url.startswith("https://"):
            raise ValidationError({"url": "Only https addresses."})
