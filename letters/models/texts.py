"""What visitors read of a letter campaign in other languages. Letters stay English, since the Senate reads them."""

from django.db import models

from campaign.appeals.models import SOURCE_LANGUAGE
from letters.models.campaigns import LetterCampaign


class LetterCampaignText(models.Model):
    campaign = models.ForeignKey(LetterCampaign, on_delete=models.CASCADE, db_index=False, related_name="texts")
    language = models.CharField("language", max_length=10, help_text="Of the words below.")
    title = models.CharField("title", max_length=120, help_text="The heading of its page.")
    ask = models.TextField("what is asked of the senators", help_text="One clear ask, in one or two sentences.")
    summary = models.TextField("summary", help_text="A blank line parts paragraphs.")
    closing_note = models.CharField(
        "why it is paused or closed", max_length=300, blank=True, help_text="Empty: the English note is shown."
    )

    class Meta:
        verbose_name = "text in another language"
        verbose_name_plural = "texts in other languages"
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(
                name="letter_campaign_text_once",
                fields=["campaign", "language"],
                violation_error_message="This language is there already.",
            ),
            models.CheckConstraint(
                name="letter_campaign_text_is_a_translation", condition=~models.Q(language=SOURCE_LANGUAGE)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"
