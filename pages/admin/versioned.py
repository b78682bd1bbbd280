"""Forms that keep every version of what is saved in them (pages/history.py).

A version is opened in the form by `?version=`: it is brought back inside a transaction, the form is made from it, and
the transaction is undone unless staff saved. "Save as draft" does the same: what was saved is read as a visitor would
see it, kept as a draft, and undone.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from campaign import audit
from pages import history
from pages.admin import translations, version_views
from pages.admin.version_views import staff
from pages.models import Version


class VersionedForm(forms.ModelForm):
    """Refuses once to save over what somebody else saved since the form was opened."""

    def clean(self) -> dict[str, Any] | None:
        seen, last = self.data.get("seen_version"), last_version(self.instance)
        if seen is not None and last and str(last.number) != seen:
            raise ValidationError(
                _("%(who)s saved version %(number)d after you had opened this form. Save again to put yours over it."),
                params={"who": last.made_by or _("Somebody"), "number": last.number},
            )
        return super().clean()


def last_version(content: models.Model) -> Version | None:
    return Version.objects.of(content).shown().first() if content.pk else None


class VersionedAdmin(admin.ModelAdmin):
    notes_itself = True
    form = VersionedForm
    change_form_template = "admin/versioned/change_form.html"

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        history.record(form.instance, by=staff(request))

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        audit.note("content.deleted", by=request.user.get_username(), on=obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        with transaction.atomic():
            for content in queryset:
                self.delete_model(request, content)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        content = self.get_object(request, object_id) if object_id else None
        if content is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        if request.method == "POST":
            history.remember(content)
        opened = opened_version(request, content)
        draft = None
        with transaction.atomic():
            context = {"opened": opened, "last_version": last_version(content), **(extra_context or {})}
            bring_back(request, opened)
            response = rendered(super().changeform_view(request, object_id, form_url, context))
            is_saved = request.method == "POST" and isinstance(response, HttpResponseRedirect)
            if is_saved and "_draft" in request.POST:
                draft = history.snapshot(content)
            transaction.set_rollback(not is_saved or draft is not None)
        return self.keep_draft(request, content, draft) if draft else response

    def keep_draft(self, request: HttpRequest, content: models.Model, data: history.Snapshot) -> HttpResponse:
        version = history.record_draft(content, data, by=staff(request))
        messages.success(request, _("Kept as a draft (%s). Visitors see what they saw before.") % version)
        return redirect(f"{request.path}?version={version.pk}")

    def response_change(self, request: HttpRequest, obj: models.Model) -> HttpResponse:
        return redirect(request.path) if "_draft" in request.POST else super().response_change(request, obj)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return version_views.list_versions(self, request, object_id)

    def get_urls(self) -> list[Any]:
        return [*version_views.urls(self), *translations.urls(self), *super().get_urls()]


def opened_version(request: HttpRequest, content: models.Model) -> Version | None:
    asked = request.GET.get("version", "")
    return Version.objects.of(content).filter(pk=asked).first() if asked.isdecimal() and len(asked) < 19 else None


def bring_back(request: HttpRequest, opened: Version | None) -> None:
    try:
        if opened:
            history.apply(opened)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))


def rendered(response: HttpResponse) -> HttpResponse:
    render = getattr(response, "render", None)
    return render() if render else response
