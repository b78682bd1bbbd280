from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

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
    fields = ["checked_at", "number", "what_differed"]
    readonly_fields = ["checked_at", "number", "what_differed"]
    show_full_result_count = False

    @admin.display(description=_("what differed"))
    def what_differed(self, check: CountCheck) -> SafeString | str:
        """A line for each."""
        lines = ((_("%(place)s: shown %(shown)d, signatures %(rows)d") % one,) for one in check.differences)
        return format_html_join("", "<p>{}</p>", lines) or "–"
