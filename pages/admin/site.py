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
    autocomplete_fields = ["logo", "social_picture"]
    fieldsets = [
        (_("Urgent notice"), {"fields": ["banner", "banner_url", ("banner_from", "banner_until")]}),
        (None, {"fields": ["name", "strapline", "logo", "social_picture"]}),
        (_("Contact"), {"fields": ["contact_email", "contact_details"]}),
        (_("Home page"), {"fields": ["introduction", "petition", "letter_campaign"]}),
        (_("On every page"), {"fields": ["footer", "safety_note"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not SiteSettings.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
