from django.contrib import admin

from campaign.translation import for_staff_lazy
from pages.admin.content import ContentAdmin
from pages.admin.shared import PUBLISHING
from pages.models import TimelineEntry


@admin.register(TimelineEntry)
class TimelineEntryAdmin(ContentAdmin):
    list_display = ["title", "shown_date", "who", "state_now"]
    list_filter = ["state"]
    search_fields = ["title", "who", "what"]
    autocomplete_fields = ["picture"]
    date_hierarchy = "happened_on"
    fieldsets = [
        (None, {"fields": [("happened_on", "precision"), "title", "who", "what", "source", "source_url", "picture"]}),
        PUBLISHING,
    ]

    @admin.display(description=for_staff_lazy("date"), ordering="happened_on")
    def shown_date(self, entry: TimelineEntry) -> str:
        return entry.shown_date
