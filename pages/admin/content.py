"""What the admin forms of content have in common: versions, drafts, previews and translations."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import formats, timezone
from django.utils.html import format_html

from campaign import audit
from campaign.revisions import history
from campaign.revisions.models import Version
from campaign.revisions.version_views import staff_of
from campaign.revisions.versioned_admin import VersionedAdmin, last_version
from campaign.translation import for_staff, for_staff_lazy
from pages.admin import translations
from pages.content import preview
from pages.publishing.publishable import Publishable, State

PUBLISH = "_publish"  # the button


class ContentAdmin(VersionedAdmin):
    notes_itself = True
    keeps_drafts = True

    def preview_link(self, version: Version) -> str:
        return preview.link(version) if preview.can_preview(self.model) else ""

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """Lead to a preview of what visitors do not see yet, or nowhere."""
        if not isinstance(obj, Publishable) or obj.is_published or obj.state == State.RETIRED:
            return super().get_view_on_site_url(obj)
        version = last_version(obj)
        return (version and self.preview_link(version)) or None

    @admin.display(description=for_staff_lazy("state"), ordering="state")
    def state_now(self, content: Publishable) -> str:
        return state_in_words(content)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        content = self.get_object(request, object_id) if object_id else None
        is_seen = content is not None and getattr(content, "is_published", True)
        offered = {"offers_publishing": issubclass(self.model, Publishable) and not is_seen}
        return super().changeform_view(request, object_id, form_url, offered | (extra_context or {}))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if PUBLISH in request.POST and isinstance(obj, Publishable):
            obj.show_now()
        super().save_model(request, obj, form, change)
        if not isinstance(obj, Publishable) or "_draft" in request.POST:
            return
        if is_scheduled(obj):
            told = for_staff("Visitors see it from %(time)s on.") % {"time": in_utc(obj.publish_at)}
            messages.success(request, told)
        elif obj.is_published and (PUBLISH in request.POST or "state" in form.changed_data):
            messages.success(request, self.told_published(obj))
        elif obj.waits_in_vain:
            told = for_staff(
                "It is a draft, so nobody will see it at %(time)s. For that, choose “Published” as its state."
            )
            messages.warning(request, told % {"time": in_utc(obj.publish_at)})

    def told_published(self, obj: models.Model) -> str:
        """Return that visitors see it, with a link to where they do."""
        told, where = for_staff("Visitors see it now."), self.get_view_on_site_url(obj)
        return format_html('{} <a href="{}">{}</a>', told, where, for_staff("See it on the page")) if where else told

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        """Delete it; what it was a part of has a version with it, and one without."""
        whole = history.whole_of(obj)
        if whole:
            history.remember(whole)
        audit.note("content.deleted", by=request.user.get_username(), on=obj)
        super().delete_model(request, obj)
        if whole:
            history.record(whole, by=staff_of(request), is_noted=False)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        with transaction.atomic():
            for content in queryset:
                self.delete_model(request, content)

    def get_urls(self) -> list[Any]:
        return [*translations.translation_urls(self), *super().get_urls()]


def is_scheduled(content: Publishable) -> bool:
    return content.state == State.PUBLISHED and not content.is_published


def in_utc(moment: datetime | None) -> str:
    """Return the moment in words, with its zone."""
    return f"{formats.date_format(timezone.localtime(moment), 'DATETIME_FORMAT')} UTC"


def state_in_words(content: Publishable) -> str:
    if not is_scheduled(content):
        return str(content.get_state_display())
    return for_staff("Published from %(time)s") % {"time": in_utc(content.publish_at)}
