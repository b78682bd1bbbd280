"""A petition: who asks, when it can be signed, what is kept."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, Func, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from campaign import countries
from campaign.protection.models import SitePause
from campaign.staff.links import check_links

if TYPE_CHECKING:
    from petitions.models.text import PetitionText

GRACE = timedelta(hours=24)  # a link mailed before the end still counts this long after it
SOURCE_LANGUAGE = "en"
TAKEN = ["confirm", "mine", "not-me"]  # the fixed words of petitions/urls.py; a test compares


class Visibility(models.TextChoices):
    DRAFT = "draft", _("draft, seen by nobody")
    PUBLISHED = "published", _("published")
    ARCHIVED = "archived", _("archived: to be read, no longer signed or listed")
    REMOVED = "removed", _("removed after publishing")


OVER = {Visibility.ARCHIVED, Visibility.REMOVED}


class PetitionQuerySet(models.QuerySet["Petition"]):
    def published(self) -> Self:
        return self.filter(visibility=Visibility.PUBLISHED)

    def has_been_public(self) -> Self:
        return self.exclude(visibility=Visibility.DRAFT)

    def visible(self) -> Self:
        """Published, with what a page shows of each, in a constant number of queries."""
        return self.published().for_display()

    def paused(self) -> Self:
        return self.filter(is_paused=True)

    def only_one(self) -> "Petition | None":
        """None as well if there are more."""
        found = list(self[:2])
        return found[0] if len(found) == 1 else None

    def with_slug(self, slug: str) -> Self:
        return self.filter(slug=slug)

    def past_retention(self) -> Self:
        """Closed for longer than they may keep what they know of people; not cleared since, or with newer paper."""
        months = Func(F("retention_months"), template="make_interval(months => %(expressions)s)")
        ends_at = ExpressionWrapper(F("closes_at") + months, output_field=models.DateTimeField())
        over = self.annotate(ends_at=ends_at).filter(ends_at__lt=Now())
        is_newer = Q(purged_at__lt=F("closes_at")) | Q(purged_at__lt=F("batches__created_at"))
        return over.filter(Q(purged_at__isnull=True) | is_newer).distinct()

    def for_display(self) -> Self:
        shown = self.select_related("active_key", "total").prefetch_related("texts")
        return shown.annotate(is_site_paused=Exists(SitePause.objects.on()))


class NamedPetitions(models.Manager["Petition"]):
    """With what their names are made of: the admin offers them in menus and filters."""

    def get_queryset(self) -> PetitionQuerySet:
        return PetitionQuerySet(self.model, using=self._db).prefetch_related("texts")


class Petition(models.Model):
    """One ask. It can be signed while it is published, within its dates, not paused, and has a key to seal to."""

    slug = models.SlugField(
        _("address"),
        unique=True,
        help_text=_(
            "The end of its address: /petitions/…/. It stays once the petition has been public, since printed sheets, "
            "mails and shared links lead there."
        ),
    )
    visibility = models.CharField(
        _("visibility"),
        max_length=10,
        choices=Visibility,
        default=Visibility.DRAFT,
        help_text=_("Archiving or removing ends it at once; then the months begin for which names are kept."),
    )
    asked_by = models.CharField(_("asked by"), max_length=200, help_text=_("Who asks, as shown below the ask."))
    goal = models.PositiveIntegerField(
        _("goal"), null=True, blank=True, help_text=_("Signatures aimed at; empty for none.")
    )
    opens_at = models.DateTimeField(
        _("opens at"), default=timezone.now, help_text=_("Once it is published, it can be signed from then on.")
    )
    closes_at = models.DateTimeField(
        _("closes at"),
        null=True,
        blank=True,
        help_text=_(
            "Nobody can sign from then on; links that were mailed before still count for 24 hours. Empty: it is open "
            "until it is archived or removed."
        ),
    )
    is_paused = models.BooleanField(_("paused"), default=False, help_text=_("Nobody can sign while this is ticked."))
    active_key = models.OneToOneField(
        "PetitionKey",
        verbose_name=_("active key"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("New signatures are sealed to it. Without a key the petition cannot be published."),
    )
    retention_months = models.PositiveSmallIntegerField(
        _("months kept after closing"),
        default=24,
        validators=[MinValueValidator(1)],
        help_text=_(
            "Then names, addresses and comments are deleted for ever; the counts stay. Hand the petition over before."
        ),
    )
    remind_after_days = models.PositiveSmallIntegerField(
        _("days until the reminder"),
        default=3,
        db_default=3,
        validators=[MaxValueValidator(6)],
        help_text=_("Who has not confirmed by then gets one more mail, never a third. 0: nobody is reminded."),
    )
    asks_why = models.BooleanField(
        _("asks for reasons"),
        default=False,
        db_default=False,
        help_text=_(
            "Signers may write why they sign, and ask that it is shown. What is shown has been read by a moderator."
        ),
    )
    purged_at = models.DateTimeField(_("personal data deleted at"), null=True, blank=True, editable=False)
    next_step_url = models.CharField(
        _("next step, address"), max_length=300, blank=True, help_text=_("Where signers go on to.")
    )
    next_step_label = models.CharField(
        _("next step, words"),
        max_length=100,
        blank=True,
        help_text=_("In one language for all. Empty: “See what else you can do”, in each visitor's own."),
    )
    local_step_country = models.CharField(
        _("country with a step of its own"),
        max_length=2,
        choices=countries.choices,
        blank=True,
        default="",
        db_default="",
        help_text=_("Where people can write to those who represent them."),
    )
    local_step_url = models.CharField(
        _("step of that country, address"),
        max_length=300,
        blank=True,
        default="",
        db_default="",
        help_text=_("Such as the address of a letter campaign, from the first slash."),
    )
    created_at = models.DateTimeField(_("created at"), db_default=Now())

    objects = PetitionQuerySet.as_manager()
    named = NamedPetitions()
    shows_drafts = False  # True on the one object that a preview is made from

    class Meta:
        verbose_name = _("petition")
        verbose_name_plural = _("petitions")
        ordering = ["pk"]
        default_manager_name = "named"
        constraints = [
            models.CheckConstraint(
                name="petition_published_has_key",
                condition=~Q(visibility="published") | Q(active_key__isnull=False),
                violation_error_message=_("A petition needs an active key before it can be published."),
            ),
            models.CheckConstraint(
                name="petition_address_is_free",
                condition=~Q(slug__in=TAKEN),
                violation_error_message=_("Choose another address: at this one stands a page of the site."),
            ),
            models.CheckConstraint(
                name="petition_closes_after_opening",
                condition=Q(closes_at__isnull=True) | Q(closes_at__gt=F("opens_at")),
                violation_error_message=_("It must close after it opens."),
            ),
        ]

    def __str__(self) -> str:
        """The ask, as staff read it."""
        return Truncator(self.text_in(SOURCE_LANGUAGE).title or self.slug).chars(80)

    def get_absolute_url(self) -> str:
        return reverse("petitions:petition", args=[self.slug])

    def clean(self) -> None:
        check_links(self, "next_step_url", "local_step_url")
        if self.active_key and self.active_key.petition_id != self.pk:
            raise ValidationError({"active_key": _("This key belongs to another petition.")})
        if self.visibility == Visibility.DRAFT and self.has_been_public:
            raise ValidationError({"visibility": _("What has been public cannot become a draft again. Archive it.")})
        if self.visibility in OVER:
            self.end()

    def end(self) -> None:
        """Close it now unless it is closed: behind its end names are kept for some months, and for ever without one."""
        now = timezone.now()
        if self.closes_at is None or self.closes_at > now:
            self.closes_at = max(now, self.opens_at + timedelta(seconds=1))

    @property
    def has_been_public(self) -> bool:
        """As it is stored, whatever a form has put here since."""
        return Petition.objects.filter(pk=self.pk).has_been_public().exists()

    @property
    def status(self) -> str:
        """`open`, `paused`, `upcoming` or `closed`."""
        now = timezone.now()
        if self.visibility == Visibility.ARCHIVED or (self.closes_at and now >= self.closes_at):
            return "closed"
        if self.is_paused or self.is_stopped_with_the_site:
            return "paused"
        return "open" if now >= self.opens_at and self.active_key_id else "upcoming"

    @property
    def is_stopped_with_the_site(self) -> bool:
        """Comes with `for_display`; a petition that was fetched otherwise asks."""
        known: bool | None = getattr(self, "is_site_paused", None)
        return SitePause.objects.on().exists() if known is None else known

    @property
    def is_open(self) -> bool:
        return self.visibility == Visibility.PUBLISHED and self.status == "open"

    @property
    def takes_confirmations(self) -> bool:
        """A pause does not stop them, an end does, but for GRACE: the mail may have come late."""
        return self.visibility != Visibility.REMOVED and (not self.closes_at or timezone.now() < self.closes_at + GRACE)

    @property
    def text(self) -> "PetitionText":
        """In the active language, as `text_in`."""
        return self.text_in(get_language() or SOURCE_LANGUAGE)

    def text_in(self, language: str) -> "PetitionText":
        """The newest wording in `language`, else in English, else in any; an empty one where none is written yet."""
        shows_drafts = self.shows_drafts or self.visibility == Visibility.DRAFT
        shown = [text for text in self.texts.all() if shows_drafts or not text.is_draft]
        newest = {text.language: text for text in sorted(shown, key=lambda text: text.version)}
        found = newest.get(language) or newest.get(SOURCE_LANGUAGE) or next(iter(newest.values()), None)
        return found or self.texts.model(petition=self, language=language)

    @property
    def local_step_place(self) -> str:
        """Empty where no country has a step of its own."""
        return countries.name_of(self.local_step_country) if self.local_step_url and self.local_step_country else ""

    @property
    def count(self) -> int:
        return self.total.count if hasattr(self, "total") else 0

    @property
    def counted_at(self) -> datetime:
        return self.total.as_of if hasattr(self, "total") else timezone.now()
