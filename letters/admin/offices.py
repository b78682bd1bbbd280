from django import forms
from django.contrib import admin
from django.http import HttpRequest

from campaign.admin.permissions import NoDeleting, ReadOnly
from campaign.translation import for_staff_lazy
from letters.admin.filters import TermFilter
from letters.constituency.changeovers import note_changeovers
from letters.models import Office, OfficeImport


@admin.register(Office)
class OfficeAdmin(NoDeleting, admin.ModelAdmin[Office]):
    list_display = ["name", "state", "party", "senate_class", "term_ends_on", "is_in_order", "is_current", "email"]
    list_filter = ["is_current", TermFilter, "party", "state"]
    search_fields = ["name", "last_name", "bioguide"]
    fieldsets = [
        (for_staff_lazy("The senator"), {"fields": ["name", "first_name", "last_name", "party", "bioguide"]}),
        (
            for_staff_lazy("The seat"),
            {"fields": ["state", "senate_class", "term_starts_on", "term_ends_on", "is_current"]},
        ),
        (
            for_staff_lazy("How letters reach this office"),
            {"fields": ["is_senate_api_stopped", "channels", "email", "email_given_by", "email_given_on"]},
        ),
        (
            for_staff_lazy("The office's own contact form"),
            {"fields": ["contact_form", "message_limit", "needs_prefix", "needs_phone", "needs_topic"]},
        ),
        (for_staff_lazy("Address"), {"fields": ["website", "postal_address", "phone"]}),
    ]

    @admin.display(description=for_staff_lazy("term"), boolean=True)
    def is_in_order(self, office: Office) -> bool:
        return not office.is_term_over

    def save_model(self, request: HttpRequest, obj: Office, form: forms.ModelForm, change: bool) -> None:
        """Remember the fields that staff changed by hand, so that no import overwrites them."""
        if change:
            obj.corrected_fields = sorted({*obj.corrected_fields, *form.changed_data})
        super().save_model(request, obj, form, change)
        note_changeovers()


@admin.register(OfficeImport)
class OfficeImportAdmin(ReadOnly, admin.ModelAdmin[OfficeImport]):
    list_display = ["applied_at", "source", "number_of_changes"]
    readonly_fields = ["source", "applied_at", "changes"]

    @admin.display(description=for_staff_lazy("changes"))
    def number_of_changes(self, done: OfficeImport) -> int:
        return len(done.changes)
