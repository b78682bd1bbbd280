"""The wording of a petition in each language and version."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from petitions.models.petition import SOURCE_LANGUAGE, Petition, Visibility
from petitions.paragraphs import as_html


class PetitionTextQuerySet(models.QuerySet["PetitionText"]):
    def without_drafts(self) -> Self:
        return self.filter(is_draft=False)

    def fixed(self) -> Self:
        return self.without_drafts().exclude(petition__visibility=Visibility.DRAFT)

    def changeable(self) -> Self:
        return self.filter(Q(is_draft=True) | Q(petition__visibility=Visibility.DRAFT))


class PetitionText(models.Model):
    """What people sign. A signature points at exactly the wording it was given to, so a public one never changes.

    A trigger in the database refuses it (migration 0008): fixed is what is no draft, in a petition that is no draft.
    """

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(
        _("language"),
        max_length=10,
        default=SOURCE_LANGUAGE,
        help_text=_("Of the words below. English is shown to visitors whose language is missing."),
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1, help_text=_("The highest version is shown."))
    is_draft = models.BooleanField(
        _("draft"),
        default=False,
        help_text=_("Seen by staff only. Once this is not ticked and the petition is public, the wording is fixed."),
    )
    addressee = models.CharField(
        _("to whom"), max_length=200, help_text=_("Shown above the ask, such as “To the United Nations”.")
    )
    asked_by = models.CharField(
        _("asked by"),
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text=_("Who asks, in this language. Empty: as the petition says."),
    )
    title = models.CharField(_("the ask"), max_length=200, help_text=_("At most three lines on a phone."))
    summary = models.TextField(_("summary"), help_text=_("One or two sentences for lists and shared links."))
    body = models.TextField(_("full text"), help_text=_("An empty line makes a paragraph, “1.” before it a list."))

    objects = PetitionTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("petition text")
        verbose_name_plural = _("petition texts")
        ordering = ["language", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["petition", "language", "version"], name="petition_text_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.language} {self.version})"

    @property
    def who_asks(self) -> str:
        return self.asked_by or self.petition.asked_by

    @property
    def body_html(self) -> SafeString:
        return as_html(self.body)
