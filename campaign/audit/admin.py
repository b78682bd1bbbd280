"""Reading the book, for those with the permission `audit.view_entry` (auditors and administrators)."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from campaign.audit.models import Entry
from campaign.paging import BoundedPaginator
from campaign.read_only import ReadOnly


@admin.register(Entry)
class EntryAdmin(ReadOnly, admin.ModelAdmin[Entry]):
    list_display = ["at", "who", "act", "on", "details"]
    list_display_links = ["at"]
    search_fields = ["who__exact", "act__exact", "on__exact"]
    search_help_text = _(
        "A user name, an act such as “signatures.released”, or what was acted on, such as “petitions.signature 7”."
    )
    ordering = ["-id"]
    paginator = BoundedPaginator
    show_full_result_count = False
