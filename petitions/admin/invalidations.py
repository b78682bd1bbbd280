"""Many signatures out of the count at once: filter, number, start, progress, cancel, undo."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from petitions import invalidating
from petitions.models import Invalidation, JobState, Petition

FILTER = ["petition", "country", "channel", "touched", "hold_reason", "signed_from", "signed_until", "why"]
DECISIONS: dict[str, tuple[JobState, Callable[..., bool]]] = {
    "start": (JobState.RUNNING, invalidating.start),
    "cancel": (JobState.CANCELLED, invalidating.cancel),
    "undo": (JobState.UNDOING, invalidating.undo),
}


@admin.register(Invalidation)
class InvalidationAdmin(admin.ModelAdmin[Invalidation]):
    """`petitions.add_invalidation` proposes, `petitions.change_invalidation` starts, cancels and undoes."""

    list_display = ["id", "why", "petition", "state", "expected", "done", "undone", "made_by", "made_at"]
    list_select_related = ["petition"]
    fields = ("petition", ("country", "channel"), ("touched", "hold_reason"), ("signed_from", "signed_until"), "why")
    view_on_site = False

    def has_delete_permission(self, request: HttpRequest, obj: Invalidation | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Invalidation | None = None) -> list[str]:
        return FILTER if obj else []

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Where there is but one petition, it is meant."""
        initial = super().get_changeform_initial_data(request)
        known = list(Petition.objects.has_been_public()[:2])
        return {"petition": known[0].pk, **initial} if len(known) == 1 else initial

    def save_model(self, request: HttpRequest, obj: Invalidation, form: forms.ModelForm, change: bool) -> None:
        if not change:
            invalidating.propose(obj, by=request.user.get_username())

    def response_add(
        self, request: HttpRequest, obj: Invalidation, post_url_continue: str | None = None
    ) -> HttpResponse:
        self.message_user(request, _("Nothing is changed yet. The signatures are being counted."), messages.INFO)
        return redirect("admin:petitions_invalidation_change", obj.pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        job = Invalidation.objects.filter(pk=object_id).first() if object_id.isdecimal() else None
        allowed = [name for name, (state, _act) in DECISIONS.items() if job and job.may_become(state)]
        hidden = dict.fromkeys(["show_save", "show_save_and_continue", "show_save_and_add_another"], False)
        context = {"job": job, "decisions": allowed, **hidden}
        return super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.decide))
        return [path("<int:pk>/<str:decision>/now/", view, name="petitions_invalidation_decide"), *super().get_urls()]

    def decide(self, request: HttpRequest, pk: int, decision: str) -> HttpResponse:
        if not self.has_change_permission(request) or decision not in DECISIONS:
            return HttpResponse(_("You may not do this."), status=403)
        job = get_object_or_404(Invalidation, pk=pk)
        if not DECISIONS[decision][1](job, by=request.user.get_username()):
            self.message_user(request, _("That is no longer possible; see the state below."), messages.WARNING)
        return redirect("admin:petitions_invalidation_change", pk)
