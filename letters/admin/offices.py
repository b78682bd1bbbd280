from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from campaign.read_only import ReadOnly
from letters.admin.filters import TermFilter
from letters.models import Office, OfficeImport


@admin.register(Office)
class OfficeAdmin(admin.ModelAdmin[Office]):
    list_display = ["name", "state", "party", "senate_class", "term_ends_on", "is_in_order", "is_current", "email"]
    list_filter = ["is_current", TermFilter, "party", "state"]
    search_fields = ["name", "last_name", "bioguide"]
    fieldsets = [
        (_("The senator"), {"fields": ["name", "first_name", "last_name", "party", "bioguide"]}),
        (_("The seat"), {"fields": ["state", "senate_class", "term_starts_on", "term_ends_on", "is_current"]}),
        (
            _("How letters reach this office"),
            {"fields": ["is_senate_api_stopped", "channels", "email", "email_given_by", "email_given_on"]},
        ),
        (
            _("The office's own contact form"),
            {"fields": ["contact_form", "message_limit", "needs_prefix", "needs_phone", "needs_topic"]},
        ),
        (_("Address"), {"fields": ["website", "postal_address", "phone"]}),
    ]

    @admin.display(description=_("term"), boolean=True)
    def is_in_order(self, office: Office) -> bool:
        return not office.is_term_over

    def save_model(self, request: HttpRequest, obj: Office, form: forms.ModelForm, change: bool) -> None:
        """What staff changed by hand is remembered, so that no import overwrites it."""
        if change:
            obj.corrected_fields = sorted({*obj.corrected_fields, *form.changed_data})
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Office | None = None) -> bool:
        return False


@admin.register(OfficeImport)
class OfficeImportAdmin(ReadOnly, admin.ModelAdmin[OfficeImport]):
    list_display = ["applied_at", "source", "number_of_changes"]
    readonly_fields = ["source", "applied_at", "changes"]

    @admin.display(description=_("changes"))
    def number_of_changes(self, done: OfficeImport) -> int:
        return len(done.changes)
