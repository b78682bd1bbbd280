"""Who has a second factor, and taking somebody's away: for a colleague who lost phone and recovery codes, never for
oneself, since that is what somebody at a machine left open would do first."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from campaign.staff import second_factor
from campaign.staff.models import Authenticator


@admin.register(Authenticator)
class AuthenticatorAdmin(admin.ModelAdmin[Authenticator]):
    notes_itself = True
    list_display = ["user", "created_at", "last_used_at"]
    fields = ["user", "created_at", "last_used_at"]
    search_fields = ["user__username"]
    ordering = ["user__username"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Authenticator | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Authenticator | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.user != request.user)

    def delete_model(self, request: HttpRequest, obj: Authenticator) -> None:
        second_factor.reset(obj.user, by=request.user.get_username())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Authenticator]) -> None:
        for authenticator in queryset:
            self.delete_model(request, authenticator)
