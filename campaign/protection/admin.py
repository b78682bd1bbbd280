from django.contrib import admin

from campaign.protection.models import DomainRule


@admin.register(DomainRule)
class DomainRuleAdmin(admin.ModelAdmin[DomainRule]):
    list_display = ["pattern", "verdict", "note", "created_at"]
    list_filter = ["verdict"]
    search_fields = ["pattern"]
