"""Handing over: one person asks, another agrees, then the sealed file can be taken."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from petitions.admin.of_a_petition import OfThePetitionAdmin
from petitions.handover import approving
from petitions.models import HandOver


@admin.register(HandOver)
class HandOverAdmin(OfThePetitionAdmin[HandOver]):
    notes_itself = True
    list_display = ["number", "petition", "requested_by", "requested_at", "approved_by", "approved_at", "times_taken"]
    list_select_related = ["requested_by", "approved_by"]
    ordering = ["-pk"]
    fields = ["petition", "reason"]
    told = ["petition", "reason", "requested_by", "requested_at", "approved_by", "approved_at", "times_taken"]

    @admin.display(description=_("number"), ordering="pk")
    def number(self, handover: HandOver) -> int:
        return handover.pk

    def get_fields(self, request: HttpRequest, obj: HandOver | None = None) -> Any:
        return self.told if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: HandOver | None = None) -> Any:
        return self.told if obj else []

    def render_change_form(self, request: Any, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        handover: HandOver | None = context["original"]
        is_theirs = handover is not None and handover.is_between(request.user)
        return super().render_change_form(request, {**context, "is_theirs": is_theirs}, *args, **kwargs)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(approving.PERMISSION)

    def has_view_permission(self, request: HttpRequest, obj: HandOver | None = None) -> bool:
        return request.user.has_perm(approving.PERMISSION)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(approving.PERMISSION)

    def has_change_permission(self, request: HttpRequest, obj: HandOver | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: HandOver | None = None) -> bool:
        return False

    def save_model(self, request: Any, obj: HandOver, form: Any, change: bool) -> None:
        if not change:
            obj.pk = approving.request(petition=obj.petition, reason=obj.reason, by=request.user).pk

    def get_urls(self) -> list[URLPattern]:
        return [
            path("<int:pk>/approve/", self.admin_site.admin_view(self.approve), name="petitions_handover_approve"),
            path("<int:pk>/take/", self.admin_site.admin_view(self.take), name="petitions_handover_take"),
            *super().get_urls(),
        ]

    def asked_for(self, request: HttpRequest, pk: int) -> HandOver:
        if request.method != "POST" or not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(HandOver.objects.for_work(), pk=pk)

    def approve(self, request: Any, pk: int) -> HttpResponse:
        approving.approve(self.asked_for(request, pk), by=request.user)
        self.message_user(request, _("Approved. The file can be taken within seven days."), messages.SUCCESS)
        return redirect("admin:petitions_handover_change", pk)

    def take(self, request: Any, pk: int) -> HttpResponseBase:
        handover = self.asked_for(request, pk)
        try:
            blocks = approving.take(handover, by=request.user)
        except approving.NotOpen:
            self.message_user(request, _("It is not approved, or the approval is over."), messages.ERROR)
            return redirect("admin:petitions_handover_change", pk)
        named = {"Content-Disposition": f'attachment; filename="{handover.petition.slug}-{pk}.signatures"'}
        return StreamingHttpResponse(blocks, content_type="application/octet-stream", headers=named)
