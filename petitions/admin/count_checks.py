from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from campaign.admin.permissions import ReadOnly
from campaign.translation import for_staff, for_staff_lazy
from petitions.models import CountCheck, Milestone, Petition


class MilestoneInline(admin.TabularInline[Milestone, Petition]):
    """Milestones ahead can be changed; those reached stay as they are."""

    model = Milestone
    extra = 0
    readonly_fields = ["reached_at"]


@admin.register(CountCheck)
class CountCheckAdmin(ReadOnly, admin.ModelAdmin[CountCheck]):
    list_display = ["checked_at", "number"]
    fields = ["checked_at", "number", "what_differed"]
    readonly_fields = ["checked_at", "number", "what_differed"]
    show_full_result_count = False

    @admin.display(description=for_staff_lazy("what differed"))
    def what_differed(self, check: CountCheck) -> SafeString | str:
        """Return a paragraph for each difference."""
        lines = ((for_staff("{place}: shown {shown}, signatures {rows}").format(**one),) for one in check.differences)
        return format_html_join("", "<p>{}</p>", lines) or "–"
