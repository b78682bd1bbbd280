"""The blocks that the body of a page or news item is made of, in the order staff give them.

One table holds all kinds: a page's body is one query, an order is one column, and a new kind is one name here and one
template in `templates/pages/blocks/`. The admin shows only the fields that a kind uses (static/admin_look/blocks.css).
"""

from typing import Self
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import models

from pages.models.targets import Targeted, TargetedQuerySet
from pages.publishing.richtext import RichTextField
from pages.publishing.translatable import Translatable


class BlockQuerySet(TargetedQuerySet):
    def with_targets(self) -> Self:
        return super().with_targets().select_related("picture", "document")


class Block(Translatable, Targeted):
    class Kind(models.TextChoices):
        TEXT = "text", "Text"
        PICTURE = "picture", "Picture"
        QUOTE = "quote", "Quotation with its source"
        FIGURE = "figure", "A figure with its source"
        VIDEO = "video", "Link to a video"
        DOCUMENT = "document", "Document to download"
        TIMELINE = "timeline", "Timeline of the evidence"
        ACTIONS = "actions", "“Who are you?”: all action lists"
        CALL = "call", "Call to act"
        CONTACT = "contact", "How to reach the coalition"

    translatable = ("heading", "body", "source", "link_text")

    kind = models.CharField(
        "kind", max_length=12, choices=Kind, default=Kind.TEXT, help_text="What this part of the page is."
    )
    order = models.PositiveSmallIntegerField("place", default=10, help_text="Small numbers come first.")
    heading = models.CharField(
        "heading",
        max_length=200,
        blank=True,
        help_text="Leave empty if the text goes on from what stands above. For a figure: the figure itself.",
    )
    body = RichTextField("text", blank=True, help_text="Short paragraphs; say beside each claim whose it is.")
    source = models.CharField(
        "source",
        max_length=300,
        blank=True,
        help_text="Who said or counted it, where and when; for quotations and figures.",
    )
    source_url = models.URLField("address of the source", blank=True, help_text="Where it can be read.")
    picture = models.ForeignKey(
        "pages.Picture",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="picture",
        help_text="From the library; the poster of a video.",
    )
    document = models.ForeignKey(
        "pages.Document",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="document",
        help_text="From the library. It is downloaded, not opened in the page.",
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
            raise ValidationError("Choose where this call to act leads.")

    @property
    def host(self) -> str:
        """Of the address elsewhere, as people know it."""
        return (urlsplit(self.url).hostname or "").removeprefix("www.")

    @property
    def template_name(self) -> str:
        return f"pages/blocks/{self.kind}.html"


# What each kind cannot be without, and what staff are told.
REQUIRED_FIELDS: dict[str, tuple[str, ...]] = {
    Block.Kind.PICTURE: ("picture",),
    Block.Kind.QUOTE: ("source",),
    Block.Kind.FIGURE: ("heading", "source"),
    Block.Kind.VIDEO: ("url", "link_text"),
    Block.Kind.DOCUMENT: ("document",),
}
NEEDED = {
    "picture": "Choose a picture from the library.",
    "source": "Say whose it is: quotations and figures need their source.",
    "heading": "Write the figure itself here, such as “60,000 to 100,000”.",
    "url": "Give the address where the video can be watched.",
    "link_text": "Write what the button says, such as “Watch the conversation”.",
    "document": "Choose a document from the library.",
}
