"""The record of evidence: who said what, when, and where to read it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pages.models.dates import Dated
from pages.publishing import Publishable, PublishableQuerySet
from pages.richtext import RichTextField
from pages.translation import Translatable


class TimelineEntry(Translatable, Publishable, Dated):
    translatable = ("title", "who", "what", "source")

    title = models.CharField(_("title"), max_length=200, help_text=_("What happened, in a few words."))
    who = models.CharField(_("who"), max_length=300, help_text=_("Who says so: the authors or the institution."))
    what = RichTextField(_("what"), help_text=_("What they found, in our words, as theirs: “They conclude that …”."))
    source = models.CharField(
        _("where to read it"), max_length=300, help_text=_("Title and publisher of the document, as a library would.")
    )
    source_url = models.URLField(_("address of the source"), blank=True, help_text=_("Best at the publisher's own."))

    objects = PublishableQuerySet.as_manager()

    class Meta:
        verbose_name = _("timeline entry")
        verbose_name_plural = _("timeline of the evidence")
        ordering = ["happened_on", "id"]

    def __str__(self) -> str:
        return self.title
