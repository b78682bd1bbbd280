from django.contrib import admin

from campaign.read_only import ReadOnly
from petitions.models import CountCheck, Milestone, Petition


class MilestoneInline(admin.TabularInline[Milestone, Petition]):
    """What was reached stays as it is; what lies ahead can be changed."""

    model = Milestone
    extra = 0
    readonly_fields = ["reached_at"]


@admin.register(CountCheck)
class CountCheckAdmin(ReadOnly, admin.ModelAdmin[CountCheck]):
    list_display = ["checked_at", "number"]
    readonly_fields = ["checked_at", "number", "differences"]
    show_full_result_count = False
