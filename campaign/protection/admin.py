from django import forms
from django.contrib import admin
from django.http import HttpRequest

from campaign import audit
from campaign.admin.permissions import NoDeleting
from campaign.protection.models import DomainRule, SitePause


@admin.register(DomainRule)
class DomainRuleAdmin(admin.ModelAdmin[DomainRule]):
    list_display = ["pattern", "verdict", "note", "created_at"]
    fields = ["pattern", "verdict", "note"]
    list_filter = ["verdict"]
    search_fields = ["pattern"]


@admin.register(SitePause)
class SitePauseAdmin(NoDeleting, admin.ModelAdmin[SitePause]):
    """`protection.change_sitepause` is enough to pause the site and to resume it."""

    notes_itself = True
    list_display = ["__str__", "is_on"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not SitePause.objects.exists()

    def save_model(self, request: HttpRequest, obj: SitePause, form: forms.ModelForm, change: bool) -> None:
        obj.pk = 1
        super().save_model(request, obj, form, change)
        audit.note("site.paused" if obj.is_on else "site.resumed", by=request.user.get_username(), on=obj)
