"""The library: pictures, documents and films that staff uploaded. The files themselves: pages/media/."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models.functions import Now

from campaign.revisions.models import Version
from campaign.translation import for_staff_lazy
from campaign.web.languages import name_of, readable_languages
from pages.publishing.translatable import Translatable, active_language
from pages.uploads import captions, folders, pictures

PER_CENT = [MaxValueValidator(100)]
CODE_ADVICE = for_staff_lazy("Two or three small letters, such as “en”, or more, such as “zh-hant”.")
FALLBACK = 960  # pixels: for browsers that know neither <picture> nor srcset


class LibraryQuerySet(models.QuerySet):
    def newest(self) -> Self:
        return self.order_by("-created_at", "-pk")

    def with_file(self, digest: str) -> Self:
        """Those that have this file, or had it in one of their versions."""
        had_it = Version.objects.filter(content_type__model=self.model._meta.model_name, data__digest=digest)
        return self.filter(models.Q(digest=digest) | models.Q(pk__in=had_it.values("object_id")))


class Uploaded(Translatable):
    """The same file is kept once: its digest is its folder."""

    parts = ()

    title: models.CharField
    digest = models.CharField(max_length=32, unique=True, editable=False)
    created_at = models.DateTimeField(for_staff_lazy("uploaded at"), db_default=Now(), editable=False)

    objects = LibraryQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title

    def digests(self) -> set[str]:
        """Return the folders of its file and of those that it had in its versions."""
        earlier = Version.objects.of(self).values_list("data__digest", flat=True)
        return {self.digest, *filter(None, earlier)}


class Picture(Uploaded):
    translatable = ("alt", "caption", "credit")
    as_written = ("credit",)
    versioned_fields = (*Uploaded.versioned_fields, "digest", "width", "height")

    title = models.CharField(
        for_staff_lazy("title"),
        max_length=120,
        help_text=for_staff_lazy("By which staff find it; visitors do not see it."),
    )
    alt = models.CharField(
        for_staff_lazy("what can be seen"),
        max_length=300,
        help_text=for_staff_lazy("For people who do not see the picture: who or what is on it, in a sentence."),
    )
    caption = models.CharField(
        for_staff_lazy("caption"),
        max_length=300,
        blank=True,
        help_text=for_staff_lazy("Below the picture: who, where, when."),
    )
    credit = models.CharField(
        for_staff_lazy("credit"),
        max_length=200,
        help_text=for_staff_lazy("Who made it, and by which right it is shown: “Photo: A. Name, CC BY 4.0”."),
    )
    focus_x = models.PositiveSmallIntegerField(
        for_staff_lazy("what matters, from the left"),
        default=50,
        validators=PER_CENT,
        help_text=for_staff_lazy("Per cent. Crops keep it."),
    )
    focus_y = models.PositiveSmallIntegerField(
        for_staff_lazy("what matters, from the top"),
        default=50,
        validators=PER_CENT,
        help_text=for_staff_lazy("Per cent. Crops keep it."),
    )
    width = models.PositiveIntegerField(for_staff_lazy("width"), editable=False)
    height = models.PositiveIntegerField(for_staff_lazy("height"), editable=False)

    class Meta(Uploaded.Meta):
        verbose_name = for_staff_lazy("picture")
        verbose_name_plural = for_staff_lazy("pictures")

    @property
    def focus(self) -> tuple[int, int]:
        return self.focus_x, self.focus_y

    @property
    def widths(self) -> list[int]:
        return pictures.widths_of(self.width)

    def address(self, file: str) -> str:
        return folders.url_path(folders.PICTURES, self.digest, file)

    def sources(self) -> list[tuple[str, str]]:
        """Media type and `srcset`, the smallest encoding first."""
        return [
            (kind, ", ".join(f"{self.address(f'{width}.{extension}')} {width}w" for width in self.widths))
            for extension, kind in pictures.TYPES.items()
        ]

    @property
    def src(self) -> str:
        return self.address(
            f"{max(width for width in self.widths if width <= FALLBACK or width == self.widths[0])}.jpg"
        )

    @property
    def thumbnail(self) -> str:
        return self.address(f"{self.widths[0]}.jpg")

    @property
    def card(self) -> str:
        """1200 by 630, cut around what matters."""
        return self.address(pictures.card_name(self.focus))


class Document(Uploaded):
    translatable = ("title",)
    versioned_fields = (*Uploaded.versioned_fields, "digest", "name", "size")

    title = models.CharField(
        for_staff_lazy("title"),
        max_length=200,
        help_text=for_staff_lazy("What it is, of whom and when: visitors read it before they download."),
    )
    language = models.CharField(
        for_staff_lazy("language"),
        max_length=10,
        default="en",
        help_text=for_staff_lazy("The language it is written in, such as “en”."),
    )
    name = models.CharField(for_staff_lazy("file"), max_length=100, editable=False)
    size = models.PositiveIntegerField(for_staff_lazy("size"), editable=False)

    class Meta(Uploaded.Meta):
        verbose_name = for_staff_lazy("document")
        verbose_name_plural = for_staff_lazy("documents")

    @property
    def kind(self) -> str:
        """Written as people write it; the same in every language."""
        return self.name.rpartition(".")[2].upper()

    def get_absolute_url(self) -> str:
        return folders.url_path(folders.DOCUMENTS, self.digest, self.name)


@dataclass(frozen=True)
class Track:
    """The captions of a film in one language; `is_on` where they are shown unless somebody switches them off."""

    language: str
    address: str
    name: str
    is_on: bool


class Film(Uploaded):
    """Captions are text, so that each language of the site can have its own, and a mistake is mended in place."""

    translatable = ("captions",)
    as_written = ("captions",)
    without_original = ("captions",)
    versioned_fields = (*Uploaded.versioned_fields, "digest", "name", "size", "seconds", "width", "height")

    title = models.CharField(
        for_staff_lazy("title"),
        max_length=120,
        help_text=for_staff_lazy("By which staff find it; visitors do not see it."),
    )
    language = models.CharField(
        for_staff_lazy("language"),
        max_length=10,
        default="en",
        validators=[RegexValidator(f"^{captions.LANGUAGE}$", CODE_ADVICE)],
        help_text=for_staff_lazy("The language that is spoken in it, and of the captions below, such as “en”."),
    )
    captions = models.TextField(
        for_staff_lazy("captions"),
        blank=True,
        default="",
        max_length=100_000,
        help_text=for_staff_lazy(
            "What is said, for those who cannot hear it or watch without sound: a WebVTT or SRT file, opened as text "
            "and pasted here. Other languages: “Translations”."
        ),
    )
    captioned = models.JSONField(for_staff_lazy("captions"), default=list, editable=False)  # in which languages
    name = models.CharField(for_staff_lazy("file"), max_length=20, editable=False)
    size = models.PositiveIntegerField(for_staff_lazy("size"), editable=False)
    seconds = models.PositiveIntegerField(for_staff_lazy("length"), editable=False)
    width = models.PositiveIntegerField(for_staff_lazy("width"), editable=False)
    height = models.PositiveIntegerField(for_staff_lazy("height"), editable=False)

    class Meta(Uploaded.Meta):
        verbose_name = for_staff_lazy("film")
        verbose_name_plural = for_staff_lazy("films")

    def clean(self) -> None:
        super().clean()
        try:
            self.captions = self.clean_words("captions", self.captions)
        except ValidationError as error:
            raise ValidationError({"captions": error}) from None

    def clean_words(self, name: str, words: str) -> str:
        return captions.as_webvtt(words) if words.strip() else ""

    def save(self, *, update_fields: Iterable[str] | None = None, **options: Any) -> None:
        """Note in which languages there are captions, so that a page does not read them to say so."""
        self.captioned = [code for code in self.languages_written if self.captions_in(code)]
        names = None if update_fields is None else {*update_fields, "captioned"}
        super().save(update_fields=names, **options)

    def captions_written(self, language: str) -> str:
        return self.captions if language == self.language else self.shown_translation(language).get("captions", "")

    def captions_in(self, language: str) -> str:
        """Return them as WebVTT; empty if there are none, or if what was written are none."""
        written = self.captions_written(language)
        try:
            return captions.as_webvtt(written) if written else ""
        except ValidationError:
            return ""

    @property
    def languages_written(self) -> list[str]:
        """Return those in which there is something in the place of captions."""
        known = dict.fromkeys([self.language, *sorted(self.translations)])
        return [code for code in known if self.captions_written(code)]

    @property
    def tracks(self) -> list[Track]:
        """Return the captions; where another language is spoken than the visitor reads, theirs are switched on."""
        readable = readable_languages(active_language())
        theirs = [code for code in readable if code in self.captioned] if self.language not in readable else []
        return [Track(code, self.address(code), name_of(code), code in theirs[:1]) for code in self.captioned]

    def address(self, language: str) -> str:
        return folders.url_path(folders.FILMS, self.digest, f"captions-{language}.vtt")

    @property
    def original_language(self) -> str:
        return self.language

    @property
    def kind(self) -> str:
        """Written as people write it; the same in every language."""
        return {"mp4": "MP4", "webm": "WebM"}[self.extension]

    @property
    def extension(self) -> str:
        return self.name.rpartition(".")[2]

    @property
    def media_type(self) -> str:
        return f"video/{self.extension}"

    @property
    def length(self) -> str:
        """Minutes and seconds, as players show it."""
        minutes, seconds = divmod(self.seconds, 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"

    def get_absolute_url(self) -> str:
        return folders.url_path(folders.FILMS, self.digest, self.name)
