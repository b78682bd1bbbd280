"""A petition: who asks, when it can be signed, how long personal data is kept."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import ExpressionWrapper, F, Func, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import get_language

from campaign.appeals.models import CLOSES_AFTER_OPENING, SOURCE_LANGUAGE, Appeal, AppealQuerySet, Visibility
from campaign.database import clock
from campaign.staff.dual_control.models import Stage, Stoppable, StoppableQuerySet
from campaign.staff.editing.link_checks import check_links
from campaign.translation import for_staff, for_staff_lazy
from campaign.web import countries
from campaign.web.forms.days import validate_past_day
from campaign.web.languages import readable_languages

if TYPE_CHECKING:
    from petitions.models.signature import Signature
    from petitions.models.text import PetitionText

RESERVED_SLUGS = ["confirm", "mine", "not-me"]  # the fixed segments of petitions/urls.py; a test compares them


OVER = {Visibility.ARCHIVED, Visibility.REMOVED}


class PetitionQuerySet(AppealQuerySet["Petition"]):
    def visible(self) -> Self:
        """Return what is published with all that a page shows of each, in a constant number of queries."""
        return self.published().for_display()

    def paused(self) -> Self:
        return self.filter(is_paused=True)

    def only_one(self) -> "Petition | None":
        """Return the only petition, or None if there are none or several."""
        found = list(self[:2])
        return found[0] if len(found) == 1 else None

    def past_retention(self, *, within: timedelta = timedelta(0)) -> Self:
        """Return petitions that are past their retention, or will be within that time, with `ends_at`.

        Those that were cleared since they closed and got their last paper are left out.
        """
        months = Func(F("retention_months"), template="make_interval(months => %(expressions)s)")
        ends_at = ExpressionWrapper(F("closes_at") + months, output_field=models.DateTimeField())
        over = self.annotate(ends_at=ends_at).filter(ends_at__lt=Now() + within)
        is_newer = Q(purged_at__lt=F("closes_at")) | Q(purged_at__lt=F("batches__created_at"))
        return over.filter(Q(purged_at__isnull=True) | is_newer).distinct()

    def with_texts(self) -> Self:
        return self.prefetch_related("texts")

    def for_display(self) -> Self:
        return super().for_display().select_related("active_key", "total")


class NamedPetitions(models.Manager["Petition"]):
    """Prefetches what names are made of, since the admin lists petitions in menus and filters."""

    def get_queryset(self) -> PetitionQuerySet:
        return PetitionQuerySet(self.model, using=self._db).prefetch_related("texts")


class Petition(Appeal):
    """One ask. It can be signed while it is published, within its dates, not paused, and with an active key."""

    parts = ("texts",)

    slug = models.SlugField(
        for_staff_lazy("address"),
        unique=True,
        help_text=for_staff_lazy(
            "The end of its address: /petitions/…/. It stays once the petition has been public, since printed sheets, "
            "mails and shared links lead there."
        ),
    )
    visibility = models.CharField(
        for_staff_lazy("visibility"),
        max_length=10,
        choices=Visibility,
        default=Visibility.DRAFT,
        help_text=for_staff_lazy(
            "Archiving or removing ends it at once; then the months begin for which names are kept."
        ),
    )
    history_url = models.URLField(
        for_staff_lazy("source of earlier signatures"),
        blank=True,
        default="",
        db_default="",
        help_text=for_staff_lazy("Where one can read about the signatures that the texts name near the count."),
    )
    delivered_on = models.DateField(
        for_staff_lazy("delivered on"),
        null=True,
        blank=True,
        help_text=for_staff_lazy("The day on which the addressee was given the signatures; its page says so."),
    )
    delivered_count = models.PositiveIntegerField(
        for_staff_lazy("signatures delivered"),
        null=True,
        blank=True,
        help_text=for_staff_lazy("How many these were. Empty: the page names no number."),
    )
    delivery_url = models.URLField(
        for_staff_lazy("where to read about it"),
        blank=True,
        default="",
        db_default="",
        help_text=for_staff_lazy("A report or a picture of the delivery, by its whole address."),
    )
    asked_by = models.CharField(
        for_staff_lazy("asked by"), max_length=200, help_text=for_staff_lazy("Who asks, as shown below the ask.")
    )
    goal = models.PositiveIntegerField(
        for_staff_lazy("goal"), null=True, blank=True, help_text=for_staff_lazy("Signatures aimed at; empty for none.")
    )
    opens_at = models.DateTimeField(
        for_staff_lazy("opens at"),
        default=timezone.now,
        help_text=for_staff_lazy("Once it is published, it can be signed from then on."),
    )
    closes_at = models.DateTimeField(
        for_staff_lazy("closes at"),
        null=True,
        blank=True,
        help_text=for_staff_lazy(
            "Nobody can sign from then on; links that were mailed before still count for 24 hours. Empty: it is open "
            "until it is archived or removed."
        ),
    )
    is_paused = models.BooleanField(
        for_staff_lazy("paused"), default=False, help_text=for_staff_lazy("Nobody can sign while this is ticked.")
    )
    active_key = models.OneToOneField(
        "PetitionKey",
        verbose_name=for_staff_lazy("active key"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=for_staff_lazy("New signatures are sealed to it. Without a key the petition cannot be published."),
    )
    retention_months = models.PositiveSmallIntegerField(
        for_staff_lazy("months kept after closing"),
        default=24,
        validators=[MinValueValidator(1)],
        help_text=for_staff_lazy(
            "Then names, addresses and comments are deleted for ever; the counts stay. Hand the petition over before."
        ),
    )
    remind_after_days = models.PositiveSmallIntegerField(
        for_staff_lazy("days until the reminder"),
        default=3,
        db_default=3,
        validators=[MaxValueValidator(6)],
        help_text=for_staff_lazy(
            "Who has not confirmed by then gets one more mail, never a third. 0: nobody is reminded."
        ),
    )
    asks_why = models.BooleanField(
        for_staff_lazy("asks for reasons"),
        default=False,
        db_default=False,
        help_text=for_staff_lazy(
            "Signers may write why they sign, and ask that it is shown. What is shown has been read by a moderator."
        ),
    )
    purged_at = models.DateTimeField(for_staff_lazy("personal data deleted at"), null=True, blank=True, editable=False)
    next_step_url = models.CharField(
        for_staff_lazy("next step, address"),
        max_length=300,
        blank=True,
        help_text=for_staff_lazy("Where signers go on to."),
    )
    next_step_label = models.CharField(
        for_staff_lazy("next step, words"),
        max_length=100,
        blank=True,
        help_text=for_staff_lazy("In one language for all. Empty: “See what else you can do”, in each visitor's own."),
    )
    local_step_country = models.CharField(
        for_staff_lazy("country with a step of its own"),
        max_length=2,
        choices=countries.choices,
        blank=True,
        default="",
        db_default="",
        help_text=for_staff_lazy("Where people can write to those who represent them."),
    )
    local_step_url = models.CharField(
        for_staff_lazy("step of that country, address"),
        max_length=300,
        blank=True,
        default="",
        db_default="",
        help_text=for_staff_lazy("Such as the address of a letter campaign, from the first slash."),
    )
    created_at = models.DateTimeField(for_staff_lazy("created at"), db_default=Now())
    ends_at: datetime  # of what `past_retention` returns: when the months are over

    objects = PetitionQuerySet.as_manager()
    named = NamedPetitions()
    shows_drafts = False  # True only on the object that a preview is made from

    class Meta:
        verbose_name = for_staff_lazy("petition")
        verbose_name_plural = for_staff_lazy("petitions")
        ordering = ["pk"]
        default_manager_name = "named"
        constraints = [
            models.CheckConstraint(
                name="petition_published_has_key",
                condition=~Q(visibility="published") | Q(active_key__isnull=False),
                violation_error_message=for_staff_lazy("A petition needs an active key before it can be published."),
            ),
            models.CheckConstraint(
                name="petition_address_is_free",
                condition=~Q(slug__in=RESERVED_SLUGS),
                violation_error_message=for_staff_lazy(
                    "Choose another address: at this one stands a page of the site."
                ),
            ),
            models.CheckConstraint(
                name="petition_closes_after_opening",
                condition=CLOSES_AFTER_OPENING,
                violation_error_message=for_staff_lazy("It must close after it opens."),
            ),
        ]

    def __str__(self) -> str:
        """Return the ask as staff read it: in the source language, at most 80 characters."""
        return Truncator(self.text_in(SOURCE_LANGUAGE).title or self.slug).chars(80)

    def get_absolute_url(self) -> str:
        return reverse("petitions:petition", args=[self.slug])

    def clean(self) -> None:
        check_links(self, "next_step_url", "local_step_url")
        if self.delivered_on:
            try:
                validate_past_day(self.delivered_on)
            except ValidationError as error:
                raise ValidationError({"delivered_on": error}) from None
        if not self.delivered_on and (self.delivered_count or self.delivery_url):
            raise ValidationError({"delivered_on": for_staff("Say on which day it was delivered.")})
        if self.active_key and self.active_key.petition_id != self.pk:
            raise ValidationError({"active_key": for_staff("This key belongs to another petition.")})
        if self.visibility == Visibility.DRAFT and self.has_been_public:
            raise ValidationError(
                {"visibility": for_staff("What has been public cannot become a draft again. Archive it.")}
            )
        if self.visibility in OVER:
            self.end()

    def end(self) -> None:
        """Close it now unless it is closed: retention runs from its end; without one, names would be kept for ever."""
        now = clock.now()
        if self.closes_at is None or self.closes_at > now:
            self.closes_at = max(now, self.opens_at + timedelta(seconds=1))

    def left_as_it_is(self) -> set[str]:
        """Leave the key and the address of what was public too, and the months that run once it is over."""
        fixed = {"active_key"} | ({"slug"} if self.has_been_public else set())
        return super().left_as_it_is() | fixed | ({"retention_months"} if self.status == "closed" else set())

    @property
    def has_been_public(self) -> bool:
        """Return whether the stored row has been public, whatever a form has set on this object."""
        return Petition.objects.filter(pk=self.pk).has_been_public().exists()

    @property
    def is_signed(self) -> bool:
        """Return whether anybody has signed, so that its key changes under dual control alone."""
        return self.signatures.exists()

    @property
    def is_ready(self) -> bool:
        """Return whether there is a key to seal signatures to."""
        return self.active_key_id is not None

    @property
    def text(self) -> "PetitionText":
        """Return the wording in the active language; see `text_in`."""
        return self.text_in(get_language() or SOURCE_LANGUAGE)

    def text_in(self, language: str) -> "PetitionText":
        """Return the newest wording in `language`, else in its stand-in, in English, in any; if none, an empty one."""
        shows_drafts = self.shows_drafts or self.visibility == Visibility.DRAFT
        shown = [text for text in self.texts.all() if shows_drafts or not text.is_draft]
        newest = {text.language: text for text in sorted(shown, key=lambda text: text.version)}
        wanted = [*readable_languages(language), SOURCE_LANGUAGE, *newest]
        found = next((newest[code] for code in wanted if code in newest), None)
        return found or self.texts.model(petition=self, language=language)

    def text_signed(self, signature: "Signature") -> "PetitionText":
        """Return the wording that was signed, which may not be the newest."""
        signed = (text for text in self.texts.all() if text.pk == signature.text_id)
        return next(signed, None) or self.text_in(signature.language)

    def shown_languages(self) -> list[str]:
        """Return the languages of its public wordings, that of visitors whose own is missing first."""
        first = self.text_in(SOURCE_LANGUAGE).language
        return [first, *sorted({text.language for text in self.texts.all() if not text.is_draft} - {first})]

    @property
    def local_step_place(self) -> str:
        """Return the name of the country that has a step of its own; empty if there is none."""
        return countries.name_of(self.local_step_country) if self.local_step_url and self.local_step_country else ""

    @property
    def count(self) -> int:
        return self.total.count if hasattr(self, "total") else 0

    @property
    def counted_at(self) -> datetime:
        return self.total.as_of if hasattr(self, "total") else clock.now()


class ClearingQuerySet(StoppableQuerySet["Clearing"]):
    def for_work(self) -> Self:
        return self.select_related("petition").prefetch_related("petition__texts")

    def standing(self) -> Self:
        """Return those that nobody has stopped; there is one for a petition at most."""
        return self.filter(stopped_at=None)

    def due(self) -> Self:
        over = Petition.objects.past_retention().values("pk")
        return self.standing().filter(opens_at__lte=Now(), petition__in=over)


class Clearing(Stoppable):
    """The announcement that a petition's names will be deleted; the row goes when they are."""

    permission = "petitions.change_petition"
    warning = for_staff_lazy(
        "What is deleted cannot be brought back, so hand the petition over before. The counts stay."
    )

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="+")
    opens_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)

    objects = ClearingQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["petition"], condition=Q(stopped_at__isnull=True), name="clearing_once_for_a_petition"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return for_staff("The names of “%(petition)s” will be deleted") % {"petition": self.petition}

    @property
    def summary(self) -> str:
        return for_staff(
            "The dates of this petition, and the months for which names are kept after its end, say so: names,"
            " addresses and comments of all who signed it are deleted for ever. If they are wrong, mend them as well."
        )

    @property
    def page(self) -> str:
        return reverse("admin:petitions_petition_change", args=[self.petition_id])

    @property
    def stage(self) -> Stage:
        if self.stopped_at:
            return Stage.STOPPED
        return Stage.DONE if self.begun_at else Stage.WAITING
