"""Addresses that get nothing more: their causes, and one of them by the address itself, to be let in again."""

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from campaign.looking_up import LookUpForm
from campaign.outbox import suppressions
from campaign.outbox.models import Suppression


@permission_required("outbox.delete_suppression", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def find_suppression(request: HttpRequest) -> HttpResponse:
    """By post, so that the address stands in no log."""
    form = LookUpForm(request.POST or None)
    context = {**admin.site.each_context(request), "form": form, "title": _("Does an address get mail?")}
    if form.is_valid():
        found = suppressions.find(form.cleaned_data["address"], by=request.user.get_username())
        context |= {"found": found, "is_answered": True}
    return render(request, "admin/outbox/suppression/find.html", context)


@admin.register(Suppression)
class SuppressionAdmin(admin.ModelAdmin[Suppression]):
    """To delete one is to let mail go to its address again."""

    list_display = ["id", "cause", "created_at"]
    list_filter = ["cause"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Suppression | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(find_suppression)
        return [path("find/", view, name="outbox_suppression_find"), *super().get_urls()]
