"""The blocks that the body of a page or news item is made of, in the order staff give them.

One table holds all kinds: a page's body is one query, an order is one column, and a new kind is one name here and one
template in `templates/pages/blocks/`. The admin shows only the fields that a kind uses (static/admin_look/blocks.css).
"""

from typing import Self
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from pages.models.targets import Targeted, TargetedQuerySet
from pages.richtext import RichTextField
from pages.translation import Translatable


class BlockQuerySet(TargetedQuerySet):
    def with_targets(self) -> Self:
        return super().with_targets().select_related("picture", "document")


class Block(Translatable, Targeted):
    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        PICTURE = "picture", _("Picture")
        QUOTE = "quote", _("Quotation with its source")
        FIGURE = "figure", _("A figure with its source")
        VIDEO = "video", _("Link to a video")
        DOCUMENT = "document", _("Document to download")
        TIMELINE = "timeline", _("Timeline of the evidence")
        ACTIONS = "actions", _("“Who are you?”: all action lists")
        CALL = "call", _("Call to act")
        CONTACT = "contact", _("How to reach the coalition")

    translatable = ("heading", "body", "source", "link_text")

    kind = models.CharField(
        _("kind"), max_length=12, choices=Kind, default=Kind.TEXT, help_text=_("What this part of the page is.")
    )
    order = models.PositiveSmallIntegerField(_("place"), default=10, help_text=_("Small numbers come first."))
    heading = models.CharField(
        _("heading"),
        max_length=200,
        blank=True,
        help_text=_("Leave empty if the text goes on from what stands above. For a figure: the figure itself."),
    )
    body = RichTextField(_("text"), blank=True, help_text=_("Short paragraphs; say beside each claim whose it is."))
    source = models.CharField(
        _("source"),
        max_length=300,
        blank=True,
        help_text=_("Who said or counted it, where and when; for quotations and figures."),
    )
    source_url = models.URLField(_("address of the source"), blank=True, help_text=_("Where it can be read."))
    picture = models.ForeignKey(
        "pages.Picture",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture"),
        help_text=_("From the library; the poster of a video."),
    )
    document = models.ForeignKey(
        "pages.Document",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("document"),
        help_text=_("From the library. It is downloaded, not opened in the page."),
    )

    objects = BlockQuerySet.as_manager()

    class Meta(Targeted.Meta):
        abstract = True
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.heading or self.get_kind_display()

    def clean(self) -> None:
        super().clean()
        missing = {name: NEEDED[name] for name in NEEDS.get(self.kind, ()) if not getattr(self, name)}
        if missing:
            raise ValidationError(missing)
        if self.kind == self.Kind.CALL and not self.targets():
            raise ValidationError(_("Choose where this call to act leads."))

    @property
    def host(self) -> str:
        """Of the address elsewhere, as people know it."""
        return (urlsplit(self.url).hostname or "").removeprefix("www.")

    @property
    def template_name(self) -> str:
        return f"pages/blocks/{self.kind}.html"


# What each kind cannot be without, and what staff are told.
NEEDS: dict[str, tuple[str, ...]] = {
    Block.Kind.PICTURE: ("picture",),
    Block.Kind.QUOTE: ("source",),
    Block.Kind.FIGURE: ("heading", "source"),
    Block.Kind.VIDEO: ("url", "link_text"),
    Block.Kind.DOCUMENT: ("document",),
}
NEEDED = {
    "picture": _("Choose a picture from the library."),
    "source": _("Say whose it is: quotations and figures need their source."),
    "heading": _("Write the figure itself here, such as “60,000 to 100,000”."),
    "url": _("Give the address where the video can be watched."),
    "link_text": _("Write what the button says, such as “Watch the conversation”."),
    "document": _("Choose a document from the library."),
}
