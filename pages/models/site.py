"""What staff say about the site as a whole: one row."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, Q

from campaign.database import clock
from campaign.outbox import rehearsals
from campaign.translation import for_staff, for_staff_lazy
from letters.models import LetterCampaign
from letters.models.recipients.recipient_lists import US_SENATE
from pages.publishing.translatable import Translatable
from petitions.models import Petition


class SiteSettings(Translatable):
    parts = ("accounts",)
    translatable = ("name", "strapline", "opening", "introduction", "footer", "safety_note", "banner")
    is_one_text = False

    name = models.CharField(
        for_staff_lazy("name of the site"),
        max_length=120,
        help_text=for_staff_lazy("Stands at the top of every page and in every title."),
    )
    strapline = models.CharField(
        for_staff_lazy("strapline"), max_length=160, blank=True, help_text=for_staff_lazy("A few words below the name.")
    )
    opening = models.CharField(
        for_staff_lazy("who this happens to, in one sentence"),
        max_length=300,
        blank=True,
        default="",
        db_default="",
        help_text=for_staff_lazy(
            "Shown on the home page below the ask, in place of the petition's summary. Say who found it, and when."
        ),
    )
    introduction = models.TextField(
        for_staff_lazy("the coalition in two sentences"),
        blank=True,
        help_text=for_staff_lazy("Shown on the home page."),
    )
    contact_email = models.EmailField(
        for_staff_lazy("contact e-mail"), blank=True, help_text=for_staff_lazy("Shown at the foot of every page.")
    )
    footer = models.TextField(
        for_staff_lazy("foot of the page"), blank=True, help_text=for_staff_lazy("A sentence or two below the menus.")
    )
    safety_note = models.TextField(
        for_staff_lazy("safety note"),
        blank=True,
        help_text=for_staff_lazy("For people at risk; shown where personal data is asked for."),
    )
    banner = models.TextField(
        for_staff_lazy("urgent notice"),
        blank=True,
        help_text=for_staff_lazy("A sentence or two at the top of every page; empty for none."),
    )
    banner_url = models.URLField(
        for_staff_lazy("where to read more"),
        blank=True,
        help_text=for_staff_lazy("The address that the notice leads to."),
    )
    banner_from = models.DateTimeField(
        for_staff_lazy("notice from"),
        null=True,
        blank=True,
        help_text=for_staff_lazy("Shown with the notice. Empty: at once."),
    )
    banner_until = models.DateTimeField(
        for_staff_lazy("notice until"), null=True, blank=True, help_text=for_staff_lazy("Then it disappears by itself.")
    )
    contact_details = models.TextField(
        for_staff_lazy("postal address and telephone"),
        blank=True,
        help_text=for_staff_lazy("Shown on the page “Contact”, line by line."),
    )
    logo = models.ForeignKey(
        "pages.Picture",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=for_staff_lazy("logo"),
        help_text=for_staff_lazy("Beside the name at the top of every page. Empty: the candle."),
    )
    social_picture = models.ForeignKey(
        "pages.Picture",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=for_staff_lazy("picture for links"),
        help_text=for_staff_lazy("Shown beside links to pages that have none of their own, cut to 1200 by 630."),
    )
    petition = models.ForeignKey(
        Petition,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=for_staff_lazy("petition on the home page"),
        help_text=for_staff_lazy("Leave empty for none."),
    )
    letter_campaign = models.ForeignKey(
        LetterCampaign,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=for_staff_lazy("letter campaign on the home page"),
        help_text=for_staff_lazy("Leave empty for none."),
    )

    class Meta:
        verbose_name = for_staff_lazy("site settings")
        verbose_name_plural = for_staff_lazy("site settings")
        constraints = [
            models.CheckConstraint(name="one_row_of_site_settings", condition=Q(id=1)),
            models.CheckConstraint(
                name="banner_ends_after_it_begins",
                condition=Q(banner_from=None) | Q(banner_until=None) | Q(banner_from__lt=F("banner_until")),
                violation_error_message=for_staff_lazy("The urgent notice must begin before it ends."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def load(cls) -> Self:
        """The settings; before there are any, empty ones under the name of the coalition."""
        found = cls.objects.select_related("logo", "social_picture").prefetch_related("accounts").filter(pk=1)
        campaigns = LetterCampaign.objects.published()
        to_senate = campaigns.filter(list_slugs=[US_SENATE])
        names_senate = Exists(to_senate) & ~Exists(campaigns.exclude(list_slugs=[US_SENATE]))
        if row := found.annotate(rehearsed_since=rehearsals.since(), goes_to_senate=names_senate).first():
            return row
        empty: Any = cls(pk=1, name="International Coalition to End Organ Pillaging in China")
        empty.rehearsed_since = rehearsals.began_at()
        return empty

    @property
    def names_senate(self) -> bool:
        """Return whether there are letters to write, and all of them go to the Senate alone."""
        return getattr(self, "goes_to_senate", False)

    @property
    def decisive(self) -> tuple[str, ...]:
        return "safety_note", "banner"

    @property
    def shown_petition(self) -> Petition | None:
        """The petition that pages lead to, with its count; None if there is none that visitors may see."""
        return Petition.objects.visible().filter(pk=self.petition_id).first() if self.petition_id else None

    @property
    def shown_letter_campaign(self) -> LetterCampaign | None:
        """The campaign for which pages ask readers to write; None if letters cannot be written now."""
        chosen = self.letter_campaign_id
        return LetterCampaign.objects.open().filter(pk=chosen).first() if chosen else None

    @property
    def is_in_rehearsal(self) -> bool:
        """Whether the whole site is rehearsed, as `load` has found."""
        return getattr(self, "rehearsed_since", None) is not None

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
    site = models.ForeignKey(SiteSettings, models.CASCADE, related_name="accounts", verbose_name=for_staff_lazy("site"))
    order = models.PositiveSmallIntegerField(
        for_staff_lazy("place"), default=10, help_text=for_staff_lazy("Small numbers come first.")
    )
    label = models.CharField(for_staff_lazy("name"), max_length=60, help_text=for_staff_lazy("Such as “Mastodon”."))
    url = models.URLField(
        for_staff_lazy("address"), help_text=for_staff_lazy("Only https addresses. Nothing is loaded from there.")
    )

    class Meta:
        verbose_name = for_staff_lazy("social account")
        verbose_name_plural = for_staff_lazy("social accounts")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        if not self.url.startswith("https://"):
            raise ValidationError({"url": for_staff("Only https addresses.")})
