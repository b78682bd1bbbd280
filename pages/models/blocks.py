"""The blocks that the body of a page or news item is made of, in the order staff give them.

One table holds all kinds: a page's body is one query, an order is one column, and a new kind is one name here and one
template in `templates/pages/blocks/`. The admin shows only the fields that a kind uses (static/admin/blocks.css).
"""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from pages.models.targets import Targeted, TargetedQuerySet
from pages.richtext import RichTextField
from pages.translation import Translatable


class Block(Translatable, Targeted):
    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        QUOTE = "quote", _("Quotation with its source")
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
        _("heading"), max_length=200, blank=True, help_text=_("Leave empty if the text goes on from what stands above.")
    )
    body = RichTextField(_("text"), blank=True, help_text=_("Short paragraphs; say beside each claim whose it is."))
    source = models.CharField(
        _("source"), max_length=300, blank=True, help_text=_("Who said it, where and when; for quotations.")
    )
    source_url = models.URLField(_("address of the source"), blank=True, help_text=_("Where it can be read."))

    objects = TargetedQuerySet.as_manager()

    class Meta(Targeted.Meta):
        abstract = True
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.heading or self.get_kind_display()

    def clean(self) -> None:
        super().clean()
        if self.kind == self.Kind.QUOTE and not self.source:
            raise ValidationError({"source": _("A quotation needs its source.")})
        if self.kind == self.Kind.CALL and not self.targets():
            raise ValidationError(_("Choose where this call to act leads."))

    @property
    def template_name(self) -> str:
        return f"pages/blocks/{self.kind}.html"
