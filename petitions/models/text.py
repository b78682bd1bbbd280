"""The wording of a petition in each language and version."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.safestring import SafeString

from campaign.appeals.models import SOURCE_LANGUAGE, Visibility
from campaign.translation import for_staff_lazy
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
        for_staff_lazy("language"),
        max_length=10,
        default=SOURCE_LANGUAGE,
        help_text=for_staff_lazy("Of the words below. English is shown to visitors whose language is missing."),
    )
    version = models.PositiveSmallIntegerField(
        for_staff_lazy("version"), default=1, help_text=for_staff_lazy("The highest version is shown.")
    )
    is_draft = models.BooleanField(
        for_staff_lazy("draft"),
        default=False,
        help_text=for_staff_lazy(
            "Seen by staff only. Once this is not ticked and the petition is public, the wording is fixed."
        ),
    )
    addressee = models.CharField(
        for_staff_lazy("to whom"),
        max_length=200,
        help_text=for_staff_lazy("Shown above the ask, such as “To the United Nations”."),
    )
    asked_by = models.CharField(
        for_staff_lazy("asked by"),
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text=for_staff_lazy("Who asks, in this language. Empty: as the petition says."),
    )
    title = models.CharField(
        for_staff_lazy("the ask"), max_length=200, help_text=for_staff_lazy("At most three lines on a phone.")
    )
    summary = models.TextField(
        for_staff_lazy("summary"), help_text=for_staff_lazy("One or two sentences for lists and shared links.")
    )
    body = models.TextField(
        for_staff_lazy("full text"), help_text=for_staff_lazy("An empty line makes a paragraph, “1.” before it a list.")
    )

    history = models.CharField(
        for_staff_lazy("signatures elsewhere or earlier"),
        max_length=300,
        blank=True,
        default="",
        db_default="",
        help_text=for_staff_lazy(
            "A sentence shown near the count, with the address of its source, and never added to it: who counted what, "
            "and when."
        ),
    )

    objects = PetitionTextQuerySet.as_manager()

    class Meta:
        verbose_name = for_staff_lazy("petition text")
        verbose_name_plural = for_staff_lazy("petition texts")
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
