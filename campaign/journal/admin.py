"""Restored backups: what was lost, and the one button that lets mail and letters go on."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path

from campaign.admin.permissions import ReadOnly
from campaign.journal import recovery
from campaign.journal.models import Restoration
from campaign.translation import for_staff


@admin.register(Restoration)
class RestorationAdmin(ReadOnly, admin.ModelAdmin[Restoration]):
    list_display = ["as_of", "newest_at", "detected_at", "released_at", "released_by"]
    fields = ["as_of", "newest_at", "detected_at", "released_at", "released_by", "again", "lost", "gaps"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.go_on)
        return [path("<int:pk>/go-on/", view, name="journal_restoration_go_on"), *super().get_urls()]

    def go_on(self, request: Any, pk: int) -> HttpResponse:
        """Show what is known and lost; by post, let work go on."""
        if not request.user.has_perm("journal.release_restoration"):
            raise PermissionDenied
        restoration = get_object_or_404(Restoration, pk=pk)
        if request.method == "POST":
            return self.released(request, restoration)
        context = {
            **self.admin_site.each_context(request),
            "restoration": restoration,
            "title": for_staff("A restored backup"),
        }
        return render(request, "admin/journal/restoration/go_on.html", context)

    def released(self, request: HttpRequest, restoration: Restoration) -> HttpResponse:
        if recovery.release(restoration, by=request.user.get_username()):
            self.message_user(request, for_staff("Mail and letters go on."), messages.SUCCESS)
        return redirect("admin:index")
