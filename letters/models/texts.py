"""What visitors read of a letter campaign in other languages. Letters stay English, since the Senate reads them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from letters.models.campaigns import SOURCE_LANGUAGE, LetterCampaign


class LetterCampaignText(models.Model):
    campaign = models.ForeignKey(LetterCampaign, on_delete=models.CASCADE, db_index=False, related_name="texts")
    language = models.CharField(_("language"), max_length=10, help_text=_("Of the words below."))
    title = models.CharField(_("title"), max_length=120, help_text=_("The heading of its page."))
    ask = models.TextField(_("what is asked of the senators"), help_text=_("One clear ask, in one or two sentences."))
    summary = models.TextField(_("summary"), help_text=_("A blank line parts paragraphs."))
    closing_note = models.CharField(
        _("why it is paused or closed"), max_length=300, blank=True, help_text=_("Empty: the English note is shown.")
    )

    class Meta:
        verbose_name = _("text in another language")
        verbose_name_plural = _("texts in other languages")
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(
                name="letter_campaign_text_once",
                fields=["campaign", "language"],
                violation_error_message=_("This language is there already."),
            ),
            models.CheckConstraint(
                name="letter_campaign_text_is_a_translation", condition=~models.Q(language=SOURCE_LANGUAGE)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"
