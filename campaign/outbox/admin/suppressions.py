"""The admin of suppressed addresses: list their causes, and look up one address in order to let it in again."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from campaign.admin.permissions import NoAdding, NoChanging
from campaign.outbox import suppressions
from campaign.outbox.models import Suppression
from campaign.translation import for_staff
from campaign.web.forms.lookup import LookUpForm


@permission_required("outbox.delete_suppression", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def find_suppression(request: HttpRequest) -> HttpResponse:
    """Look up an address; it is posted, so that it appears in no log."""
    by: Any = request.user
    form = LookUpForm(request.POST or None, by=by)
    context = {**admin.site.each_context(request), "form": form, "title": for_staff("Does an address get mail?")}
    if form.is_valid():
        address, reason = form.cleaned_data["address"], form.cleaned_data["reason"]
        found = suppressions.find(address, by=by.get_username(), reason=reason)
        context |= {"found": found, "is_answered": True}
    return render(request, "admin/outbox/suppression/find.html", context)


@admin.register(Suppression)
class SuppressionAdmin(NoAdding, NoChanging, admin.ModelAdmin[Suppression]):
    """Deleting a suppression lets mail go to its address again."""

    list_display = ["id", "cause", "created_at"]
    list_filter = ["cause"]
    show_full_result_count = False

    def delete_model(self, request: HttpRequest, obj: Suppression) -> None:
        suppressions.lift(Suppression.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Suppression]) -> None:
        suppressions.lift(Suppression.objects.filter(pk__in=queryset.values("pk")))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(find_suppression)
        return [path("find/", view, name="outbox_suppression_find"), *super().get_urls()]
