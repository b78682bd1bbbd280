"""What the admin forms of content have in common: versions, drafts, previews and translations."""

from typing import Any

from django.contrib import messages
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse

from campaign import audit
from campaign.revisions import history
from campaign.revisions.models import Version
from campaign.revisions.version_views import staff_of
from campaign.revisions.versioned_admin import VersionedAdmin
from campaign.translation import for_staff
from pages.admin import translations
from pages.content import preview
from pages.publishing.publishable import Publishable

PUBLISH = "_publish"  # the button


class ContentAdmin(VersionedAdmin):
    notes_itself = True
    keeps_drafts = True

    def preview_link(self, version: Version) -> str:
        return preview.link(version) if preview.can_preview(self.model) else ""

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
            messages.success(request, for_staff("Visitors see it now."))
        super().save_model(request, obj, form, change)

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
