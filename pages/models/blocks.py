"""The blocks that the body of a page or news item is made of, in the order staff give them.

One table holds all kinds: a page's body is one query, an order is one column, and a new kind is one name here and one
template in `templates/pages/blocks/`. The admin shows only the fields that a kind uses (static/admin_look/blocks.css).
"""

from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

from campaign.translation import for_staff, for_staff_lazy
from pages.models.targets import Targeted, TargetedQuerySet
from pages.publishing.richtext import RichTextField
from pages.publishing.translatable import Translatable

LENGTH = r"^(\d{1,2}:)?[0-5]?\d:[0-5]\d$"


@dataclass(frozen=True)
class Range:
    """From `low` to `high`, in hundredths of the largest number it is compared with."""

    low: int
    high: int

    @property
    def width(self) -> int:
        return max(self.high - self.low, 1)


class BlockQuerySet(TargetedQuerySet):
    def with_targets(self) -> Self:
        """Load what a page shows with its blocks; of films not the captions, which are long and in many languages."""
        whole = super().with_targets().select_related("picture", "document", "film")
        return whole.defer("film__captions", "film__translations")


class Block(Translatable, Targeted):
    class Kind(models.TextChoices):
        TEXT = "text", for_staff_lazy("Text")
        PICTURE = "picture", for_staff_lazy("Picture")
        QUOTE = "quote", for_staff_lazy("Quotation with its source")
        PERSON = "person", for_staff_lazy("Person: name, function and portrait")
        FIGURE = "figure", for_staff_lazy("A figure with its source")
        VIDEO = "video", for_staff_lazy("Video")
        DOCUMENT = "document", for_staff_lazy("Document to download")
        TIMELINE = "timeline", for_staff_lazy("Timeline of the evidence")
        ACTIONS = "actions", for_staff_lazy("“Who are you?”: all action lists")
        CALL = "call", for_staff_lazy("Call to act")
        CONTACT = "contact", for_staff_lazy("How to reach the coalition")

    translatable = ("heading", "body", "source", "link_text", "transcript")
    as_written = ("source", "transcript")
    bar: Range | None = None  # of a figure that is drawn together with its neighbours
    anchor = ""  # by which links on the page itself lead to it, once it is known in which order the blocks stand

    kind = models.CharField(
        for_staff_lazy("kind"),
        max_length=12,
        choices=Kind,
        default=Kind.TEXT,
        help_text=for_staff_lazy("What this part of the page is."),
    )
    order = models.PositiveSmallIntegerField(
        for_staff_lazy("place"), default=10, help_text=for_staff_lazy("Small numbers come first.")
    )
    heading = models.CharField(
        for_staff_lazy("heading"),
        max_length=200,
        blank=True,
        help_text=for_staff_lazy(
            "Leave empty if the text goes on from what stands above. For a figure: the figure itself; for a person: "
            "the name."
        ),
    )
    body = RichTextField(
        for_staff_lazy("text"),
        blank=True,
        help_text=for_staff_lazy("Short paragraphs; say beside each claim whose it is."),
    )
    source = models.CharField(
        for_staff_lazy("source"),
        max_length=300,
        blank=True,
        help_text=for_staff_lazy("Who said or counted it, where and when; for quotations and figures."),
    )
    source_url = models.URLField(
        for_staff_lazy("address of the source"), blank=True, help_text=for_staff_lazy("Where it can be read.")
    )
    low = models.PositiveIntegerField(
        for_staff_lazy("the figure as a number"),
        null=True,
        blank=True,
        help_text=for_staff_lazy(
            "For a figure. Two or more that follow one another and have a number are drawn as bars of one scale."
        ),
    )
    high = models.PositiveIntegerField(
        for_staff_lazy("up to"),
        null=True,
        blank=True,
        help_text=for_staff_lazy("The upper end of an estimate that has two."),
    )
    picture = models.ForeignKey(
        "pages.Picture",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=for_staff_lazy("picture"),
        help_text=for_staff_lazy("From the library; the poster of a video, or the portrait of a person."),
    )
    length = models.CharField(
        for_staff_lazy("length"),
        max_length=8,
        blank=True,
        default="",
        db_default="",
        validators=[RegexValidator(LENGTH, for_staff_lazy("Minutes and seconds, such as 12:34, or 1:02:34."))],
        help_text=for_staff_lazy("Of a video elsewhere: minutes and seconds, such as 12:34."),
    )
    transcript = RichTextField(
        for_staff_lazy("transcript"),
        blank=True,
        default="",
        db_default="",
        help_text=for_staff_lazy("What is said in a video, for those who cannot hear or load it."),
    )
    document = models.ForeignKey(
        "pages.Document",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=for_staff_lazy("document"),
        help_text=for_staff_lazy("From the library. It is downloaded, not opened in the page."),
    )

    film = models.ForeignKey(
        "pages.Film",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=for_staff_lazy("film"),
        help_text=for_staff_lazy("From the library, for a video that this site shows itself."),
    )

    objects = BlockQuerySet.as_manager()

    class Meta(Targeted.Meta):
        abstract = True
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.heading or self.get_kind_display()

    def clean(self) -> None:
        super().clean()
        missing = {name: NEEDED[name] for name in REQUIRED_FIELDS.get(self.kind, ()) if not getattr(self, name)}
        if missing:
            raise ValidationError(missing)
        if self.kind == self.Kind.CALL and not self.targets():
            raise ValidationError(for_staff("Choose where this call to act leads."))

    @property
    def is_film(self) -> bool:
        """Whether it is a video that this site shows itself."""
        return self.kind == self.Kind.VIDEO and self.film_id is not None

    def says_by_itself(self) -> bool:
        return self.kind == self.Kind.VIDEO

    @property
    def host(self) -> str:
        """Of the address elsewhere, as people know it."""
        return (urlsplit(self.url).hostname or "").removeprefix("www.")

    @property
    def is_part(self) -> bool:
        """Whether a table of contents names it."""
        return bool(self.heading) and self.kind not in {self.Kind.FIGURE, self.Kind.PERSON}

    @property
    def awaited(self) -> str:
        """Return what it lacks in a sentence for staff; empty if nothing."""
        names, sentence = AWAITED.get(self.kind, ((), ""))
        return str(sentence) % {"block": self} if names and not any(getattr(self, name) for name in names) else ""

    @property
    def most(self) -> int:
        """The upper end of a figure; 0 without a number."""
        return self.high or self.low or 0

    @property
    def template_name(self) -> str:
        return f"pages/blocks/{self.kind}.html"


# What each kind cannot be without, and what staff are told.
REQUIRED_FIELDS: dict[str, tuple[str, ...]] = {
    Block.Kind.PICTURE: ("picture",),
    Block.Kind.QUOTE: ("source",),
    Block.Kind.PERSON: ("heading",),
    Block.Kind.FIGURE: ("heading", "source"),
}
NEEDED = {
    "picture": for_staff_lazy("Choose a picture from the library."),
    "source": for_staff_lazy("Say whose it is: quotations and figures need their source."),
    "heading": for_staff_lazy("Write the figure itself here, such as “60,000 to 100,000”, or the name of the person."),
}
# What the coalition may have to wait for: visitors see the block without it, staff read what it lacks.
AWAITED: dict[str, tuple[tuple[str, ...], Any]] = {
    Block.Kind.VIDEO: (
        ("film", "url"),
        for_staff_lazy("“%(block)s” has no film yet, and no address where it can be watched. Visitors see no link."),
    ),
    Block.Kind.DOCUMENT: (
        ("document",),
        for_staff_lazy("“%(block)s” has no document yet. Visitors see its words alone."),
    ),
}
