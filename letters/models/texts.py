"""What visitors read of a letter campaign in other languages, and the letter for recipients who read one of these."""

from django.core.validators import MaxLengthValidator
from django.db import models

from campaign.appeals.models import SOURCE_LANGUAGE
from campaign.translation import for_staff_lazy
from letters.models.campaigns import LetterCampaign
from letters.models.recipients.recipient_lists import COUNTRY_CODE

LONGEST_WORDING = 800  # characters; with the usual words it is found by an index


class LetterCampaignText(models.Model):
    campaign = models.ForeignKey(LetterCampaign, on_delete=models.CASCADE, db_index=False, related_name="texts")
    language = models.CharField(
        for_staff_lazy("language"), max_length=10, help_text=for_staff_lazy("Of the words below.")
    )
    title = models.CharField(
        for_staff_lazy("title"), max_length=120, help_text=for_staff_lazy("The heading of its page.")
    )
    ask = models.TextField(
        for_staff_lazy("what is asked of them"),
        help_text=for_staff_lazy("One clear ask, in one or two sentences."),
    )
    summary = models.TextField(for_staff_lazy("summary"), help_text=for_staff_lazy("A blank line parts paragraphs."))
    closing_note = models.CharField(
        for_staff_lazy("why it is paused or closed"),
        max_length=300,
        blank=True,
        help_text=for_staff_lazy("Empty: the English note is shown."),
    )

    letter_subject = models.CharField(
        for_staff_lazy("subject of the letter"),
        max_length=150,
        blank=True,
        default="",
        db_default="",
        help_text=for_staff_lazy("For recipients who read this language; empty: they are written to in English."),
    )
    letter_body = models.TextField(
        for_staff_lazy("text of the letter"),
        blank=True,
        default="",
        db_default="",
        help_text=for_staff_lazy(
            "The whole letter in this language, from the salutation on, with the same words in brackets. Those who read"
            " the site in this language find it beside a letter in another."
        ),
    )
    letter_for_supporters = models.TextField(
        for_staff_lazy("text for supporters"),
        blank=True,
        default="",
        db_default="",
        help_text=for_staff_lazy("Thanks instead of the request; empty: they get the request."),
    )

    class Meta:
        verbose_name = for_staff_lazy("text in another language")
        verbose_name_plural = for_staff_lazy("texts in other languages")
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(
                name="letter_campaign_text_once",
                fields=["campaign", "language"],
                violation_error_message=for_staff_lazy("This language is there already."),
            ),
            models.CheckConstraint(
                name="letter_campaign_text_is_a_translation", condition=~models.Q(language=SOURCE_LANGUAGE)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"

    @property
    def has_letter(self) -> bool:
        return bool(self.letter_subject and self.letter_body)


class ConsentWording(models.Model):
    """What the law of a country wants to be said to those who write from there, beside the words that all agree to."""

    campaign = models.ForeignKey(LetterCampaign, on_delete=models.CASCADE, db_index=False, related_name="consents")
    country = models.CharField(
        for_staff_lazy("country"),
        max_length=2,
        validators=[COUNTRY_CODE],
        help_text=for_staff_lazy("Its code, such as DE: for those who write from there."),
    )
    language = models.CharField(
        for_staff_lazy("language"), max_length=10, help_text=for_staff_lazy("Of the words below.")
    )
    text = models.TextField(
        for_staff_lazy("wording"),
        validators=[MaxLengthValidator(LONGEST_WORDING)],
        help_text=for_staff_lazy("Stands after the usual words beside the button, and is kept with each consent."),
    )

    class Meta:
        verbose_name = for_staff_lazy("wording of a country")
        verbose_name_plural = for_staff_lazy("wordings of countries")
        ordering = ["country", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "country", "language"],
                name="country_wording_once",
                violation_error_message=for_staff_lazy("This country has a wording in this language already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.country} ({self.language})"
