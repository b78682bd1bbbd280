from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import formats, timezone

from campaign.admin.permissions import NoDeleting
from campaign.translation import for_staff, for_staff_lazy
from letters.admin.filters import TermFilter
from letters.constituency.changeovers import note_changeovers
from letters.constituency.congress import new_congress
from letters.models import Office


@admin.register(Office)
class OfficeAdmin(NoDeleting, admin.ModelAdmin[Office]):
    list_display = [
        "name",
        "recipient_list",
        "area",
        "party",
        "seat",
        "term_ends_on",
        "is_in_order",
        "is_current",
        "email",
    ]
    list_filter = ["is_current", "recipient_list", TermFilter, "party", "area"]
    search_fields = ["name", "last_name", "directory_id"]
    fieldsets = [
        (
            for_staff_lazy("The person"),
            {
                "fields": [
                    *("recipient_list", "name", "first_name", "last_name", "form_of_address", "language"),
                    *("party", "directory_id"),
                ]
            },
        ),
        (
            for_staff_lazy("The seat"),
            {"fields": ["area", "area_name", "seat", "term_starts_on", "term_ends_on", "is_current"]},
        ),
        (
            for_staff_lazy("How letters reach this office"),
            {
                "fields": [
                    "is_congress_api_stopped",
                    "channels",
                    "email",
                    "email_given_by",
                    "email_given_on",
                    "is_email_stopped",
                    "email_came_back",
                ]
            },
        ),
        (
            for_staff_lazy("The office's own contact form"),
            {"fields": ["contact_form", "message_limit", "needs_prefix", "needs_phone", "needs_topic"]},
        ),
        (for_staff_lazy("Address"), {"fields": ["website", "postal_address", "phone"]}),
    ]

    readonly_fields = ["email_came_back"]

    @admin.display(description=for_staff_lazy("mail that came back"))
    def email_came_back(self, office: Office) -> str:
        if not office.email_returned_at:
            return "-"
        when = formats.date_format(timezone.localtime(office.email_returned_at), "DATETIME_FORMAT")
        return f"{when}: {office.email_returned_because}"

    @admin.display(description=for_staff_lazy("term"), boolean=True)
    def is_in_order(self, office: Office) -> bool:
        return not office.is_term_over

    def get_urls(self) -> list[URLPattern]:
        show = self.admin_site.admin_view(self.show_new_congress)
        return [path("new-congress/", show, name="letters_office_new_congress"), *super().get_urls()]

    def show_new_congress(self, request: HttpRequest) -> HttpResponse:
        """Show what a new Congress asks of staff, each task with what is left of it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        number = new_congress.in_view()
        words = {"number": number, "day": formats.date_format(new_congress.begins_on(number))}
        shown = {
            "title": for_staff("Congress number %(number)s, from %(day)s on") % words,
            "tasks": [(task, len(task.left), links_to(task.left, request.user)) for task in new_congress.tasks(number)],
        }
        return TemplateResponse(
            request, "admin/letters/office/new_congress.html", {**self.admin_site.each_context(request), **shown}
        )

    def save_model(self, request: HttpRequest, obj: Office, form: forms.ModelForm, change: bool) -> None:
        """Remember the fields that staff changed by hand, so that no import overwrites them."""
        if change:
            obj.corrected_fields = sorted({*obj.corrected_fields, *form.changed_data})
        if "email" in form.changed_data and "is_email_stopped" not in form.changed_data:
            obj.is_email_stopped = False  # nothing has come back from the new address
        if {"email", "is_email_stopped"} & {*form.changed_data} and not obj.is_email_stopped:
            obj.email_returned_at, obj.email_returned_because = None, ""
        super().save_model(request, obj, form, change)
        note_changeovers()


def links_to(rows: Iterable[models.Model], user: Any) -> list[tuple[models.Model, str]]:
    """Return each row with its page, as far as the user may look at it."""
    shown = [one for one in rows if user.has_perm(f"letters.view_{one._meta.model_name}")]
    return [(one, reverse(f"admin:letters_{one._meta.model_name}_change", args=[one.pk])) for one in shown]
