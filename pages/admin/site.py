from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from pages.admin.shared import Ordered
from pages.admin.versioned import VersionedAdmin
from pages.models import SiteSettings, SocialAccount


class SocialAccountInline(Ordered, admin.TabularInline):
    model = SocialAccount
    extra = 0
    fields = ["order", "label", "url"]


@admin.register(SiteSettings)
class SiteSettingsAdmin(VersionedAdmin):
    inlines = [SocialAccountInline]
    fieldsets = [
        (None, {"fields": ["name", "strapline", "contact_email"]}),
        (_("Home page"), {"fields": ["introduction", "petition", "letter_campaign"]}),
        (_("On every page"), {"fields": ["footer", "safety_note"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not SiteSettings.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
