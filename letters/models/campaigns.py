"""Letter campaigns: what constituents are invited to write, and while which dates."""

from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from campaign.protection.models import SitePause
from campaign.staff.links import check_links
from letters.topics import TOPICS

if TYPE_CHECKING:
    from letters.models.texts import LetterCampaignText

GRACE = timedelta(hours=24)  # a link mailed before the end still confirms this long after it
SOURCE_LANGUAGE = "en"
BILL_TYPES = ["S.", "S.Amdt.", "S.Con.Res.", "S.J.Res.", "S.Res."]


def ordinal(number: int) -> str:
    """As Congresses are numbered in English.

    >>> [ordinal(number) for number in (1, 112, 113, 119, 121, 122)]
    ['1st', '112th', '113th', '119th', '121st', '122nd']
    """
    is_teen = number % 100 in (11, 12, 13)
    return f"{number}{'th' if is_teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def validate_not_reserved(slug: str) -> None:
    """`/letters/confirm/…` and its like are taken."""
    if slug in {"confirm", "track", "mine"}:
        raise ValidationError(_("This address is taken by another page."))


def default_topics() -> list[str]:
    return ["International Affairs", "Civil Rights and Liberties, Minority Issues"]


class Visibility(models.TextChoices):
    DRAFT = "draft", _("draft, seen by nobody")
    PUBLISHED = "published", _("published")
    REMOVED = "removed", _("removed after publishing")


class LetterCampaignQuerySet(models.QuerySet["LetterCampaign"]):
    def published(self) -> Self:
        """Closed and paused ones too: they stay to be seen."""
        return self.filter(visibility=Visibility.PUBLISHED)

    def has_been_public(self) -> Self:
        return self.exclude(visibility=Visibility.DRAFT)

    def with_slug(self, slug: str) -> Self:
        return self.filter(slug=slug)

    def for_display(self) -> Self:
        """With what a page says of each, in a constant number of queries."""
        return self.annotate(is_site_paused=Exists(SitePause.objects.on())).prefetch_related("texts")

    def open(self) -> Self:
        still = Q(closes_at__isnull=True) | Q(closes_at__gt=Now())
        open_now = self.published().filter(still, opens_at__lte=Now(), is_paused=False)
        return open_now.for_display().filter(is_site_paused=False)

    def over_for(self, time: timedelta) -> Self:
        """Closed for so long; or not to be seen by anybody, and for so long nobody has written or confirmed."""
        since = Now() - time
        busy = self.filter(Q(constituent__created_at__gt=since) | Q(constituent__confirmed_at__gt=since))
        is_hidden = ~Q(visibility=Visibility.PUBLISHED)
        return self.filter(Q(closes_at__lt=since) | is_hidden & ~Q(pk__in=busy.values("pk")))


class LetterCampaign(models.Model):
    """One ask to the senators. Letters can be written while it is published, within its dates and not paused."""

    slug = models.SlugField(
        _("address"),
        unique=True,
        validators=[validate_not_reserved],
        help_text=_("The end of its address: /letters/…/"),
    )
    visibility = models.CharField(
        _("visibility"),
        max_length=10,
        choices=Visibility,
        default=Visibility.DRAFT,
        help_text=_("Removed: nothing can be confirmed any more."),
    )
    title = models.CharField(_("title"), max_length=120, help_text=_("The heading of its page."))
    summary = models.TextField(
        _("summary"),
        help_text=_("What this is about and why now, in two or three paragraphs; a blank line parts them."),
    )
    ask = models.TextField(_("what is asked of the senators"), help_text=_("One clear ask, in one or two sentences."))
    bill_type = models.CharField(
        _("kind of bill"),
        max_length=12,
        choices=[(name, name) for name in BILL_TYPES],
        default="S.Res.",
        help_text=_("As the Senate cites it."),
    )
    bill_number = models.PositiveIntegerField(_("number of the bill"), help_text=_("Digits only."))
    bill_congress = models.PositiveSmallIntegerField(
        _("Congress"), help_text=_("Number of the Congress; a bill lapses when its Congress ends.")
    )
    introduced_on = models.DateField(_("introduced on"), help_text=_("The day on which the bill was introduced."))
    opens_at = models.DateTimeField(
        _("opens at"), default=timezone.now, help_text=_("Once it is published, letters can be written from then on.")
    )
    closes_at = models.DateTimeField(
        _("closes at"),
        null=True,
        blank=True,
        help_text=_(
            "No new letters from then on; links that were mailed before still count for 24 hours. What constituents "
            "wrote is deleted 28 days after."
        ),
    )
    is_paused = models.BooleanField(
        _("paused"), default=False, help_text=_("No new letters for now; the page stays and says so.")
    )
    default_subject = models.CharField(
        _("subject of the letter"),
        max_length=150,
        help_text=_("What constituents find in the form; they can change it."),
    )
    default_body = models.TextField(
        _("text of the letter"),
        help_text=_(
            "In English. It begins with “Dear [senator],” and ends before “Sincerely”: name and address are added."
            " [senator], [bill], [name], [city] and [state] are replaced; everything else stands as it is written here."
        ),
    )
    body_for_supporters = models.TextField(
        _("text for supporters"),
        blank=True,
        help_text=_("To senators whose position is recorded below as supporting: thanks instead of the request."),
    )
    closing_note = models.CharField(
        _("why it is paused or closed"), max_length=300, blank=True, help_text=_("Shown in place of the form.")
    )
    topics = ArrayField(
        models.CharField(max_length=60, choices=[(topic, topic) for topic in TOPICS]),
        verbose_name=_("topics"),
        default=default_topics,
        help_text=_("Of the Library of Congress; the Senate's system sorts letters by them."),
    )
    alternative_url = models.CharField(
        _("link for those without senators"),
        max_length=300,
        blank=True,
        help_text=_("Such as the petition; offered to people in the territories, in D.C. and abroad."),
    )

    objects = LetterCampaignQuerySet.as_manager()
    language = SOURCE_LANGUAGE  # of the words above, as LetterCampaignText has its own

    class Meta:
        verbose_name = _("letter campaign")
        verbose_name_plural = _("letter campaigns")
        ordering = ["-opens_at"]
        constraints = [
            models.CheckConstraint(
                name="letter_campaign_closes_after_it_opens",
                condition=Q(closes_at__isnull=True) | Q(closes_at__gt=F("opens_at")),
                violation_error_message=_("A campaign cannot close before it opens."),
            ),
            models.CheckConstraint(
                name="letter_campaign_bill_is_numbered", condition=Q(bill_number__gt=0, bill_congress__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("letters:campaign", args=[self.slug])

    def clean(self) -> None:
        check_links(self, "alternative_url")
        if self.visibility == Visibility.PUBLISHED and not self.closes_at:
            why = _("Say when it ends: what constituents wrote is kept until 28 days after.")
            raise ValidationError({"closes_at": why})

    @property
    def text(self) -> "LetterCampaign | LetterCampaignText":
        """What visitors read, in the active language if staff have translated it, else as it was written."""
        language = get_language()
        return self if language == self.language else self.translations.get(language or "", self)

    @cached_property
    def translations(self) -> dict[str, "LetterCampaignText"]:
        return {text.language: text for text in self.texts.all()}

    @property
    def bill(self) -> str:
        """As a senator's staff would look it up; English, since it goes into letters."""
        return f"{self.bill_type} {self.bill_number} ({ordinal(self.bill_congress)} Congress)"

    @property
    def status(self) -> str:
        """`open`, `paused`, `upcoming` or `closed`."""
        now = timezone.now()
        if self.closes_at and now >= self.closes_at:
            return "closed"
        if self.is_paused or self.is_stopped_with_the_site:
            return "paused"
        return "open" if now >= self.opens_at else "upcoming"

    @property
    def is_open(self) -> bool:
        return self.visibility == Visibility.PUBLISHED and self.status == "open"

    @property
    def is_stopped_with_the_site(self) -> bool:
        """Comes with `for_display`; a campaign that was fetched otherwise asks."""
        known: bool | None = getattr(self, "is_site_paused", None)
        return SitePause.objects.on().exists() if known is None else known

    @property
    def takes_confirmations(self) -> bool:
        """A pause does not stop them, an end does, but for GRACE: the mail may have come late."""
        return self.visibility != Visibility.REMOVED and (not self.closes_at or timezone.now() < self.closes_at + GRACE)

    def confirmed_by(self, expires_at: datetime) -> datetime:
        """When a link that expires then stops working in truth."""
        return min(expires_at, self.closes_at + GRACE) if self.closes_at else expires_at
