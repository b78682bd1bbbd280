"""Many signatures released or invalidated at once: filter, number, start, progress, cancel, undo."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from petitions import deciding
from petitions.admin.of_a_petition import OfThePetitionAdmin
from petitions.admin.watched import WatchedAdmin
from petitions.models import Decision, JobState

FILTER = ["act", "petition", "country", "channel", "touched", "hold_reason", "signed_from", "signed_until", "why"]
STEPS: dict[str, tuple[JobState, Callable[..., bool]]] = {
    "start": (JobState.RUNNING, deciding.start),
    "cancel": (JobState.CANCELLED, deciding.cancel),
    "undo": (JobState.UNDOING, deciding.undo),
}
ACTS = {name: take for name, (_state, take) in STEPS.items()} | {"go-on": deciding.go_on}


def steps_of(job: Decision) -> list[str]:
    """What can be done with it, in the order of the buttons."""
    steps = [name for name, (state, _take) in STEPS.items() if job.may_become(state)]
    return ["go-on", *steps] if job.is_stuck else steps


@admin.register(Decision)
class DecisionAdmin(WatchedAdmin[Decision], OfThePetitionAdmin[Decision]):
    """`petitions.add_decision` proposes, `petitions.change_decision` starts, cancels and undoes."""

    notes_itself = True
    list_display = ["id", "act", "why", "petition", "state", "expected", "done", "undone", "made_by", "made_at"]
    fields = (
        "act", "petition", ("country", "channel"), ("touched", "hold_reason"), ("signed_from", "signed_until"), "why",
    )  # fmt: skip
    view_on_site = False

    def has_delete_permission(self, request: HttpRequest, obj: Decision | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Decision | None = None) -> list[str]:
        return FILTER if obj else []

    def save_model(self, request: HttpRequest, obj: Decision, form: forms.ModelForm, change: bool) -> None:
        if not change:
            deciding.propose(obj, by=request.user.get_username())

    def response_add(self, request: HttpRequest, obj: Decision, post_url_continue: str | None = None) -> HttpResponse:
        self.message_user(request, _("Nothing is changed yet. The signatures are being counted."), messages.INFO)
        return redirect("admin:petitions_decision_change", obj.pk)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Decision | None = None, **kwargs: Any
    ) -> HttpResponse:
        steps = steps_of(obj) if obj else []
        hidden = {"show_save_and_continue": False, "show_save_and_add_another": False}
        context |= {"job": obj, "steps": steps, "show_save": obj is None, **hidden}
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.take_step))
        return [path("<int:pk>/<str:step>/now/", view, name="petitions_decision_step"), *super().get_urls()]

    def take_step(self, request: HttpRequest, pk: int, step: str) -> HttpResponse:
        if not self.has_change_permission(request) or step not in ACTS:
            raise PermissionDenied
        if not ACTS[step](get_object_or_404(Decision, pk=pk), by=request.user.get_username()):
            self.message_user(request, _("That is no longer possible; see the state below."), messages.WARNING)
        return redirect("admin:petitions_decision_change", pk)
