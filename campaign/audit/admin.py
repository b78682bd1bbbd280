"""Reading the book, for those with the permission `audit.view_entry` (auditors and administrators)."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from campaign.audit.models import Entry
from campaign.paging import BoundedPaginator


@admin.register(Entry)
class EntryAdmin(admin.ModelAdmin[Entry]):
    list_display = ["at", "who", "act", "on", "details"]
    list_display_links = ["at"]
    search_fields = ["who__exact", "act__exact", "on__exact"]
    search_help_text = _(
        "A user name, an act such as “signature.released”, or what was acted on, such as “petitions.signature 7”."
    )
    ordering = ["-id"]
    paginator = BoundedPaginator
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return False
