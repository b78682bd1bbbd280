"""The wording of a petition in each language and version."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.safestring import SafeString

from campaign.appeals.models import SOURCE_LANGUAGE, Visibility
from campaign.web.paragraphs import as_html
from petitions.models.petition import Petition


class PetitionTextQuerySet(models.QuerySet["PetitionText"]):
    def without_drafts(self) -> Self:
        return self.filter(is_draft=False)

    def fixed(self) -> Self:
        return self.without_drafts().exclude(petition__visibility=Visibility.DRAFT)

    def changeable(self) -> Self:
        return self.filter(Q(is_draft=True) | Q(petition__visibility=Visibility.DRAFT))


class PetitionText(models.Model):
    """What people sign. A signature points at exactly the wording that was signed, so a public one never changes.

    A trigger in the database refuses it (migration 0008): texts that are not drafts are fixed once the petition is no
    longer a draft. Nor does bringing back a version of the petition take a text away, be it a later draft.
    """

    is_removed_by_versions = False

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(
        "language",
        max_length=10,
        default=SOURCE_LANGUAGE,
        help_text="Of the words below. English is shown to visitors whose language is missing.",
    )
    version = models.PositiveSmallIntegerField("version", default=1, help_text="The highest version is shown.")
    is_draft = models.BooleanField(
        "draft",
        default=False,
        help_text="Seen by staff only. Once this is not ticked and the petition is public, the wording is fixed.",
    )
    addressee = models.CharField(
        "to whom", max_length=200, help_text="Shown above the ask, such as “To the United Nations”."
    )
    asked_by = models.CharField(
        "asked by",
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text="Who asks, in this language. Empty: as the petition says.",
    )
    title = models.CharField("the ask", max_length=200, help_text="At most three lines on a phone.")
    summary = models.TextField("summary", help_text="One or two sentences for lists and shared links.")
    body = models.TextField("full text", help_text="An empty line makes a paragraph, “1.” before it a list.")

    objects = PetitionTextQuerySet.as_manager()

    class Meta:
        verbose_name = "petition text"
        verbose_name_plural = "petition texts"
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
