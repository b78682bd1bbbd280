"""What visitors read of a letter campaign in other languages. Letters stay English, since the Senate reads them."""

from django.db import models

from campaign.appeals.models import SOURCE_LANGUAGE
from campaign.translation import for_staff_lazy
from letters.models.campaigns import LetterCampaign


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
