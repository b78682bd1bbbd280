"""Admin forms that keep every version of what is saved in them (campaign/revisions/history.py).

`?version=` opens a version in the form, which is then made from the version as it is built in memory. When that form is
posted, the version is first brought back in the database, in the same transaction that saves what was typed; if
anything is invalid, all of it is rolled back. "Save as draft" (of what `keeps_drafts`) saves as well: the result is
kept as a draft, and the transaction is rolled back.
"""

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect

from campaign.revisions import history, version_views
from campaign.revisions.models import Version
from campaign.revisions.version_views import staff_of
from campaign.staff.editing import text_checks
from campaign.staff.editing.guarded_forms import Guarded
from campaign.translation import for_staff


def last_version(content: models.Model) -> Version | None:
    return Version.objects.of(content).shown().first() if content.pk else None


class RowsOfVersion:
    """Mixin before the formset of an inline, which shows the rows of a version instead of those that are stored."""

    rows: ClassVar[list[models.Model]]

    def get_queryset(self) -> list[models.Model]:
        return self.rows


class VersionedAdmin(Guarded):
    """Before other admin classes: what these do in `save_related` belongs to the version."""

    keeps_drafts: ClassVar[bool] = False
    notes_itself: ClassVar[bool]  # of campaign.staff.editing.audited_admin.Noted, which the admin site mixes in
    change_form_template = "admin/versioned/change_form.html"

    def preview_link(self, version: Version) -> str:
        """Return where a version can be looked at, or nothing."""
        return ""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            history.remember(obj)
        super().save_model(request, obj, form, change)

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        """Record the first version: Django calls this when all of a new object has been saved."""
        self.acted(request, obj)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        self.acted(request, obj)
        return super().log_change(request, obj, message)

    def acted(self, request: HttpRequest, obj: models.Model) -> None:
        """Record what an act has made of it, be it a saved form or a button; what notes acts otherwise has done so."""
        history.record(obj, by=staff_of(request), is_noted=self.notes_itself)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        content = self.get_object(request, object_id) if object_id else None
        if content is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        opened = opened_version(request, content)
        context = {
            "opened": opened,
            "last_version": last_version(content),
            "keeps_drafts": self.keeps_drafts,
            "remarks": [] if opened or request.method == "POST" else text_checks.remarks(content),
            **(extra_context or {}),
        }
        if request.method == "POST":
            return self.save_content(request, content, opened, form_url, context)
        if opened:
            self.stored(request, content)  # changes by others are detected by comparing with this, not the version
            request.__dict__["revision"] = or_message(request, history.as_object, opened)
        return super().changeform_view(request, object_id, form_url, context)

    def save_content(
        self, request: HttpRequest, content: models.Model, opened: Version | None, form_url: str, context: Any
    ) -> HttpResponse:
        draft = None
        with transaction.atomic():
            if opened:
                self.stored(request, content)
                or_message(request, history.apply, opened)
            response = fully_rendered(super().changeform_view(request, str(content.pk), form_url, context))
            is_saved = isinstance(response, HttpResponseRedirect)
            if is_saved and self.keeps_drafts and "_draft" in request.POST:
                draft = history.snapshot(content)
            transaction.set_rollback(not is_saved or draft is not None)
        return self.keep_draft(request, content, draft) if draft else response

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return the content as the version that is opened in the form has it, if there is one."""
        revision = request.__dict__.get("revision")
        return revision.content if revision else super().get_object(request, object_id, from_field)

    def get_formsets_with_inlines(self, request: HttpRequest, obj: Any = None) -> Iterator[Any]:
        """Yield the formsets, with the rows of the version that is opened; fixed ones are shown as they are."""
        revision = request.__dict__.get("revision")
        parts = revision.parts if revision and obj is revision.content else {}
        for formset, inline in super().get_formsets_with_inlines(request, obj):
            name = formset.fk.remote_field.name
            if name in parts and inline.has_change_permission(request, obj):
                yield type(formset.__name__, (RowsOfVersion, formset), {"rows": parts[name]}), inline
            else:
                yield formset, inline

    def keep_draft(self, request: HttpRequest, content: models.Model, data: history.Snapshot) -> HttpResponse:
        version = history.record_draft(content, data, by=staff_of(request))
        messages.success(
            request,
            for_staff("Kept as a draft (%(version)s). Visitors see what they saw before.") % {"version": version},
        )
        return redirect(f"{request.path}?version={version.pk}")

    def response_change(self, request: HttpRequest, obj: models.Model) -> HttpResponse:
        is_draft = self.keeps_drafts and "_draft" in request.POST
        return redirect(request.path) if is_draft else super().response_change(request, obj)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return version_views.list_versions(self, request, object_id)

    def get_urls(self) -> list[Any]:
        return [*version_views.version_urls(self), *super().get_urls()]


def opened_version(request: HttpRequest, content: models.Model) -> Version | None:
    asked = request.GET.get("version", "")
    return Version.objects.of(content).filter(pk=asked).first() if asked.isdecimal() and len(asked) < 19 else None


def or_message[T](request: HttpRequest, make: Callable[[Version], T], version: Version) -> T | None:
    """Return what `make` makes of the version; if it is no longer valid, tell staff why and return None."""
    try:
        return make(version)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return None


def fully_rendered(response: HttpResponse) -> HttpResponse:
    render = getattr(response, "render", None)
    return render() if render else response
