from django.contrib import admin
from django.http import HttpRequest

from campaign.admin.permissions import NoDeleting
from campaign.translation import for_staff_lazy
from pages.admin.content import ContentAdmin
from pages.admin.shared import Ordered
from pages.models import SiteSettings, SocialAccount


class SocialAccountInline(Ordered, admin.TabularInline):
    model = SocialAccount
    extra = 0
    fields = ["order", "label", "url"]


@admin.register(SiteSettings)
class SiteSettingsAdmin(NoDeleting, ContentAdmin):
    inlines = [SocialAccountInline]
    autocomplete_fields = ["logo", "social_picture"]
    fieldsets = [
        (for_staff_lazy("Urgent notice"), {"fields": ["banner", "banner_url", ("banner_from", "banner_until")]}),
        (None, {"fields": ["name", "strapline", "logo", "social_picture"]}),
        (for_staff_lazy("Contact"), {"fields": ["contact_email", "contact_details"]}),
        (for_staff_lazy("Home page"), {"fields": ["opening", "introduction", "petition", "letter_campaign"]}),
        (for_staff_lazy("On every page"), {"fields": ["footer", "safety_note"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not SiteSettings.objects.exists()
