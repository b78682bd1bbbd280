from django.contrib import admin
from django.http import HttpRequest

from petitions.models import CountCheck, Milestone, Petition


class MilestoneInline(admin.TabularInline[Milestone, Petition]):
    """What was reached stays as it is; what lies ahead can be changed."""

    model = Milestone
    extra = 0
    readonly_fields = ["reached_at"]


@admin.register(CountCheck)
class CountCheckAdmin(admin.ModelAdmin[CountCheck]):
    list_display = ["checked_at", "number"]
    readonly_fields = ["checked_at", "number", "differences"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: CountCheck | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: CountCheck | None = None) -> bool:
        return False
