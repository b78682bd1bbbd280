from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from letters.models import LetterCampaign


@admin.register(LetterCampaign)
class LetterCampaignAdmin(admin.ModelAdmin[LetterCampaign]):
    list_display = ["title", "visibility", "status_in_words", "bill", "closes_at"]
    list_filter = ["visibility", "is_paused"]
    search_fields = ["title", "slug"]
    prepopulated_fields = {"slug": ["title"]}
    fieldsets = [
        (None, {"fields": ["title", "slug", "visibility", "ask", "summary", "alternative_url"]}),
        (_("The bill"), {"fields": ["bill_type", "bill_number", "bill_congress", "introduced_on"]}),
        (_("When"), {"fields": ["opens_at", "closes_at", "is_paused"]}),
        (_("The letter"), {"fields": ["default_subject", "default_body"]}),
    ]

    @admin.display(description=_("state"))
    def status_in_words(self, campaign: LetterCampaign) -> str:
        words = {
            "open": _("open"),
            "paused": _("paused"),
            "upcoming": _("not open yet"),
            "closed": _("closed"),
        }
        return str(words[campaign.status])

    def has_delete_permission(self, request: HttpRequest, obj: LetterCampaign | None = None) -> bool:
        return False
