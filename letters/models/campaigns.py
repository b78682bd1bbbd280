"""Letter campaigns: what constituents are invited to write, and when."""

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from campaign.appeals.models import CLOSES_AFTER_OPENING, SOURCE_LANGUAGE, Appeal, AppealQuerySet, Visibility
from campaign.staff.editing.link_checks import check_links
from campaign.translation import for_staff, for_staff_lazy
from campaign.web.languages import readable_languages
from letters.models.recipients.recipient_lists import US_SENATE, RecipientList
from letters.models.topics import TOPICS

if TYPE_CHECKING:
    from letters.models.texts import LetterCampaignText

BILL_TYPES = [
    "S.", "S.Amdt.", "S.Con.Res.", "S.J.Res.", "S.Res.", "H.R.", "H.Amdt.", "H.Con.Res", "H.J.Res.", "H.Res.",
]  # fmt: skip


PARAGRAPHS = "[paragraphs]"


def ordinal(number: int) -> str:
    """Return the number as Congresses are numbered in English.

    >>> [ordinal(number) for number in (1, 112, 113, 119, 121, 122)]
    ['1st', '112th', '113th', '119th', '121st', '122nd']
    """
    is_teen = number % 100 in (11, 12, 13)
    return f"{number}{'th' if is_teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def validate_not_reserved(slug: str) -> None:
    """Refuse slugs that are fixed segments of letters/urls.py, such as `/letters/confirm/…`."""
    if slug in {"confirm", "track", "mine"}:
        raise ValidationError(for_staff("This address is taken by another page."))


def default_lists() -> list[str]:
    return [US_SENATE]


def default_topics() -> list[str]:
    return ["International Affairs", "Civil Rights and Liberties, Minority Issues"]


class LetterCampaignQuerySet(AppealQuerySet["LetterCampaign"]):
    def open(self) -> Self:
        still = Q(closes_at__isnull=True) | Q(closes_at__gt=Now())
        open_now = self.published().filter(still, opens_at__lte=Now(), is_paused=False)
        return open_now.for_display().filter(is_site_paused=False)

    def over_for(self, time: timedelta) -> Self:
        """Return campaigns closed for `time`, or not published and without new letters or confirmations for `time`."""
        since = Now() - time
        busy = self.filter(Q(constituent__created_at__gt=since) | Q(constituent__confirmed_at__gt=since))
        is_hidden = ~Q(visibility=Visibility.PUBLISHED)
        return self.filter(Q(closes_at__lt=since) | is_hidden & ~Q(pk__in=busy.values("pk")))


class LetterCampaign(Appeal):
    """One ask to those on one or several lists.

    Letters can be written while it is published, within its dates and not paused.
    """

    parts = ("texts", "positions", "consents")

    slug = models.SlugField(
        for_staff_lazy("address"),
        unique=True,
        validators=[validate_not_reserved],
        help_text=for_staff_lazy("The end of its address: /letters/…/"),
    )
    visibility = models.CharField(
        for_staff_lazy("visibility"),
        max_length=10,
        choices=[choice for choice in Visibility.choices if choice[0] != Visibility.ARCHIVED],
        default=Visibility.DRAFT,
        help_text=for_staff_lazy("Removed: nothing can be confirmed any more."),
    )
    title = models.CharField(
        for_staff_lazy("title"), max_length=120, help_text=for_staff_lazy("The heading of its page.")
    )
    summary = models.TextField(
        for_staff_lazy("summary"),
        help_text=for_staff_lazy(
            "What this is about and why now, in two or three paragraphs; a blank line parts them."
        ),
    )
    ask = models.TextField(
        for_staff_lazy("what is asked of them"),
        help_text=for_staff_lazy("One clear ask, in one or two sentences."),
    )
    bill_type = models.CharField(
        for_staff_lazy("kind of bill"),
        max_length=12,
        choices=[(name, name) for name in BILL_TYPES],
        default="S.Res.",
        help_text=for_staff_lazy("As Congress cites it."),
    )
    bill_number = models.PositiveIntegerField(
        for_staff_lazy("number of the bill"),
        null=True,
        blank=True,
        help_text=for_staff_lazy("Digits only; empty if it is not about a bill."),
    )
    bill_congress = models.PositiveSmallIntegerField(
        for_staff_lazy("Congress"),
        null=True,
        blank=True,
        help_text=for_staff_lazy("Number of the Congress; a bill lapses when its Congress ends."),
    )
    introduced_on = models.DateField(
        for_staff_lazy("introduced on"),
        null=True,
        blank=True,
        help_text=for_staff_lazy("The day on which the bill was introduced."),
    )
    opens_at = models.DateTimeField(
        for_staff_lazy("opens at"),
        default=timezone.now,
        help_text=for_staff_lazy("Once it is published, letters can be written from then on."),
    )
    closes_at = models.DateTimeField(
        for_staff_lazy("closes at"),
        null=True,
        blank=True,
        help_text=for_staff_lazy(
            "No new letters from then on; links that were mailed before still count for 24 hours. What constituents "
            "wrote is deleted 28 days after."
        ),
    )
    is_paused = models.BooleanField(
        for_staff_lazy("paused"),
        default=False,
        help_text=for_staff_lazy("No new letters for now; the page stays and says so."),
    )
    default_subject = models.CharField(
        for_staff_lazy("subject of the letter"),
        max_length=150,
        help_text=for_staff_lazy("What constituents find in the form; they can change it."),
    )
    default_body = models.TextField(
        for_staff_lazy("text of the letter"),
        help_text=for_staff_lazy(
            "In English. It begins with “Dear [recipient],” and ends before “Sincerely”: name and address are added."
            " [recipient], [bill], [name], [city] and [state] are replaced; everything else stands as it is written"
            " here."
        ),
    )
    body_for_supporters = models.TextField(
        for_staff_lazy("text for supporters"),
        blank=True,
        help_text=for_staff_lazy("To those whose position is recorded as supporting: thanks instead of the request."),
    )
    paragraphs = models.TextField(
        for_staff_lazy("paragraphs to choose from"),
        blank=True,
        default="",
        db_default="",
        help_text=for_staff_lazy(
            "A blank line parts them. Each letter has some of them, chosen and ordered anew for each writer, where"
            " [paragraphs] stands in the texts above; writers may take others, or change them."
        ),
    )
    paragraphs_per_letter = models.PositiveSmallIntegerField(
        for_staff_lazy("paragraphs of them in each letter"),
        default=2,
        db_default=2,
        help_text=for_staff_lazy("How many of them are chosen."),
        validators=[MinValueValidator(1)],
    )
    shows_board = models.BooleanField(
        for_staff_lazy("show who has answered"),
        default=False,
        db_default=False,
        help_text=for_staff_lazy(
            "A public page of where everybody on its lists stands, and who has not answered yet. It names source and"
            " day of each answer, and leaves out whoever's answer is recorded without them."
        ),
    )
    closing_note = models.CharField(
        for_staff_lazy("why it is paused or closed"),
        max_length=300,
        blank=True,
        help_text=for_staff_lazy("Shown in place of the form."),
    )
    topics = ArrayField(
        models.CharField(max_length=60, choices=[(topic, topic) for topic in TOPICS]),
        verbose_name=for_staff_lazy("topics"),
        default=default_topics,
        help_text=for_staff_lazy("Of the Library of Congress; the Senate's system sorts letters by them."),
    )
    # No rows of their own, so that versions have them, and the release before makes campaigns to senators as ever.
    list_slugs = ArrayField(
        models.SlugField(),
        verbose_name=for_staff_lazy("addressed to"),
        default=default_lists,
        db_default=[US_SENATE],
        help_text=for_staff_lazy("Everybody writes to whomever they find on these lists, in one submission."),
    )
    alternative_url = models.CharField(
        for_staff_lazy("link for those with nobody to write to"),
        max_length=300,
        blank=True,
        help_text=for_staff_lazy("Such as the petition; offered to whoever finds nobody on the lists."),
    )

    likeness = models.JSONField(null=True, editable=False)  # letters/submission/likeness.py

    objects = LetterCampaignQuerySet.as_manager()
    language = SOURCE_LANGUAGE  # of the fields above, as in LetterCampaignText

    class Meta:
        verbose_name = for_staff_lazy("letter campaign")
        verbose_name_plural = for_staff_lazy("letter campaigns")
        ordering = ["-opens_at"]
        constraints = [
            models.CheckConstraint(
                name="letter_campaign_closes_after_it_opens",
                condition=CLOSES_AFTER_OPENING,
                violation_error_message=for_staff_lazy("A campaign cannot close before it opens."),
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
            why = for_staff("Say when it ends: what constituents wrote is kept until 28 days after.")
            raise ValidationError({"closes_at": why})
        if {None} < {self.bill_number, self.bill_congress, self.introduced_on}:
            why = for_staff("Give number, Congress and day of the bill, or none of them.")
            raise ValidationError({"bill_number": why})
        if not self.bill and US_SENATE in self.list_slugs:
            raise ValidationError({"bill_number": for_staff("Letters to the Senate name a bill: say which it is.")})
        if not self.bill and "[bill]" in f"{self.default_subject}{self.default_body}{self.body_for_supporters}":
            raise ValidationError({"bill_number": for_staff("The letter speaks of [bill]: say which it is.")})
        if self.paragraphs.strip() and PARAGRAPHS not in f"{self.default_body}{self.body_for_supporters}":
            raise ValidationError({"paragraphs": for_staff("Say where in the letter they go: [paragraphs].")})

    @cached_property
    def recipient_lists(self) -> list[RecipientList]:
        return list(RecipientList.objects.filter(slug__in=self.list_slugs))

    @property
    def text(self) -> "LetterCampaign | LetterCampaignText":
        """Return what visitors read: in the active language or its stand-in if translated, else as it was written."""
        return self.text_in(get_language() or self.language)

    def text_in(self, language: str) -> "LetterCampaign | LetterCampaignText":
        if language == self.language:
            return self
        found = (self.translations.get(code) for code in readable_languages(language))
        return next(filter(None, found), self)

    def shown_languages(self) -> list[str]:
        """Return the languages in which it can be read, the one that it was written in first."""
        return [self.language, *sorted(self.translations.keys() - {self.language})]

    @cached_property
    def translations(self) -> dict[str, "LetterCampaignText"]:
        return {text.language: text for text in self.texts.all()}

    def letter_language(self, wanted: str) -> str:
        """Return the language in which a letter is proposed to somebody who reads `wanted`."""
        return wanted if wanted in self.translations and self.translations[wanted].has_letter else self.language

    def proposed_subject(self, language: str) -> str:
        return self.default_subject if language == self.language else self.translations[language].letter_subject

    def proposed_body(self, language: str, *, is_supporter: bool) -> str:
        if language == self.language:
            request, thanks = self.default_body, self.body_for_supporters
        else:
            text = self.translations[language]
            request, thanks = text.letter_body, text.letter_for_supporters
        return thanks if is_supporter and thanks else request

    @property
    def bill(self) -> str:
        """Return the bill as a senator's staff would look it up, if there is one; in English, for letters."""
        if not (self.bill_number and self.bill_congress):
            return ""
        return f"{self.bill_type} {self.bill_number} ({ordinal(self.bill_congress)} Congress)"

    @property
    def bill_as_shown(self) -> str:
        """Return the bill for visitors, in the active language, if there is one."""
        if not (self.bill and self.bill_congress):
            return ""
        is_english = (get_language() or SOURCE_LANGUAGE) == SOURCE_LANGUAGE
        number = ordinal(self.bill_congress) if is_english else str(self.bill_congress)
        return gettext("%(bill)s (%(number)s Congress)") % {
            "bill": f"{self.bill_type} {self.bill_number}",
            "number": number,
        }
