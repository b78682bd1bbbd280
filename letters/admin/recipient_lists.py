"""The lists of recipients: what is common to all who are on one."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from campaign.admin.permissions import NoDeleting
from campaign.translation import for_staff_lazy
from letters.models import RecipientList


@admin.register(RecipientList)
class RecipientListAdmin(NoDeleting, admin.ModelAdmin[RecipientList]):
    list_display = ["name", "slug", "country", "language", "finder", "number_of_members", "as_of"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [
        (None, {"fields": ["name", "slug", "country", "language", "finder"]}),
        (for_staff_lazy("How they are addressed"), {"fields": ["form_of_address", "name_on_envelope", "office_code"]}),
        (for_staff_lazy("Where they come from"), {"fields": ["source", "as_of", "fewest_members", "members_per_area"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[RecipientList]:
        in_office = Count("offices", filter=Q(offices__is_current=True))
        return super().get_queryset(request).annotate(members=in_office)

    @admin.display(description=for_staff_lazy("in office"), ordering="members")
    def number_of_members(self, recipients: Any) -> int:
        return int(recipients.members)

    def get_readonly_fields(self, request: HttpRequest, obj: RecipientList | None = None) -> Any:
        return ["slug"] if obj else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: RecipientList | None = None) -> Any:
        return {} if obj else self.prepopulated_fields
