"""The history of a piece of content: list its versions, compare and publish them, schedule and drop drafts."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst

from campaign.revisions import diff, history
from campaign.revisions.models import Version
from campaign.staff.editing.moments import ComingMomentField
from campaign.translation import for_staff, for_staff_lazy

VERSIONS_A_PAGE = 50


class ScheduleForm(forms.Form):
    due_at = ComingMomentField(label=for_staff_lazy("Publish at"))


def version_urls(site_admin: Any) -> list[Any]:
    info = f"{site_admin.opts.app_label}_{site_admin.opts.model_name}"
    views = {"differences": show_differences, "publish": publish_version}
    if site_admin.keeps_drafts:
        views |= {"schedule": schedule, "drop": drop_version}
    return [
        path(
            f"<path:object_id>/versions/<int:number>/{name}/",
            site_admin.admin_site.admin_view(partial(view, site_admin)),
            name=f"{info}_version_{name}",
        )
        for name, view in views.items()
    ]


def list_versions(site_admin: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    content = may_view(site_admin, request, object_id)
    versions = Paginator(Version.objects.of(content), VERSIONS_A_PAGE).get_page(request.GET.get("p"))
    rows = [(version, site_admin.preview_link(version)) for version in versions]
    context = {"versions": versions, "rows": rows, "form": ScheduleForm()}
    fields: dict[str, Any] = {field.name: field for field in content._meta.concrete_fields}
    context["left"] = sorted(str(fields[name].verbose_name) for name in history.left_as_it_is(content))
    context["may_change"] = site_admin.has_change_permission(request, content)
    return page(site_admin, request, content, "admin/versioned/history.html", context)


def show_differences(site_admin: admin.ModelAdmin, request: HttpRequest, object_id: str, number: int) -> HttpResponse:
    """Compare a version with the one that visitors saw before it; a draft, with the one that they see now."""
    content = may_view(site_admin, request, object_id)
    version = version_of(content, number)
    before = Version.objects.of(content).shown_before(number).first()
    old = before.data if before else {"parts": {}}
    context = {"version": version, "before": before, "changes": diff.changes(type(content), old, version.data)}
    return page(site_admin, request, content, "admin/versioned/differences.html", context)


def publish_version(site_admin: admin.ModelAdmin, request: HttpRequest, object_id: str, number: int) -> HttpResponse:
    content = posted(site_admin, request, object_id)
    try:
        history.publish(version_of(content, number), by=staff_of(request))
        messages.success(request, for_staff("Visitors see version %(number)s now.") % {"number": number})
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return to_history(site_admin, content)


def schedule(site_admin: admin.ModelAdmin, request: HttpRequest, object_id: str, number: int) -> HttpResponse:
    content = posted(site_admin, request, object_id)
    form = ScheduleForm(request.POST)
    if form.is_valid():
        history.schedule(version_of(content, number), due_at=form.cleaned_data["due_at"], by=staff_of(request))
        messages.success(
            request, for_staff("Version %(number)s will be published at the time you chose.") % {"number": number}
        )
    else:
        messages.error(request, " ".join(map(str, form.errors["due_at"])))
    return to_history(site_admin, content)


def drop_version(site_admin: admin.ModelAdmin, request: HttpRequest, object_id: str, number: int) -> HttpResponse:
    content = posted(site_admin, request, object_id)
    history.drop(version_of(content, number), by=staff_of(request))
    messages.success(request, for_staff("The draft was dropped."))
    return to_history(site_admin, content)


def posted(site_admin: admin.ModelAdmin, request: HttpRequest, object_id: str) -> models.Model:
    if request.method != "POST":
        raise Http404
    return may_change(site_admin, request, object_id)


def may_view(site_admin: admin.ModelAdmin, request: HttpRequest, object_id: str) -> models.Model:
    """Return the content, also what cannot be changed any more, such as an issue that was sent."""
    content = site_admin.get_object(request, object_id)
    if content is None:
        raise Http404
    if not site_admin.has_view_permission(request, content):
        raise PermissionDenied
    return content


def may_change(site_admin: admin.ModelAdmin, request: HttpRequest, object_id: str) -> models.Model:
    content = may_view(site_admin, request, object_id)
    if not site_admin.has_change_permission(request, content):
        raise PermissionDenied
    return content


def version_of(content: models.Model, number: int) -> Version:
    version = Version.objects.of(content).numbered(number).first()
    if version is None:
        raise Http404
    return version


def staff_of(request: HttpRequest) -> Any:
    return request.user


def to_history(site_admin: admin.ModelAdmin, content: models.Model) -> HttpResponse:
    opts = site_admin.opts
    return redirect(reverse(f"admin:{opts.app_label}_{opts.model_name}_history", args=[content.pk]))


def page(
    site_admin: admin.ModelAdmin, request: HttpRequest, content: models.Model, template: str, context: dict[str, Any]
) -> HttpResponse:
    opts = site_admin.opts
    base = {
        **site_admin.admin_site.each_context(request),
        "title": for_staff("History of “%(content)s”") % {"content": content},
        "object": content,
        "opts": opts,
        "module_name": capfirst(opts.verbose_name_plural),
        "prefix": f"admin:{opts.app_label}_{opts.model_name}",
    }
    return TemplateResponse(request, template, base | context)
