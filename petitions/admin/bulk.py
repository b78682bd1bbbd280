"""The admin of decisions on many signatures at once: filter, number, start, progress, cancel, undo."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from campaign.admin.auto_refresh import WatchedAdmin
from campaign.admin.permissions import NoDeleting
from campaign.translation import for_staff, for_staff_plural
from petitions.admin.base import OfThePetitionAdmin
from petitions.models import Decision, JobState
from petitions.models.moderation.decision import Act
from petitions.moderation import bulk

FILTER = [
    "act",
    "petition",
    "country",
    "channel",
    "touched",
    "hold_reason",
    "trace",
    "signed_from",
    "signed_until",
    "why",
]
STEPS: dict[str, tuple[JobState, Callable[..., bool]]] = {
    "start": (JobState.RUNNING, bulk.start),
    "cancel": (JobState.CANCELLED, bulk.cancel),
    "undo": (JobState.UNDOING, bulk.undo_job),
}
ACTS = {name: take for name, (_state, take) in STEPS.items()} | {"go-on": bulk.go_on}


def steps_of(job: Decision) -> list[str]:
    """Return what can be done with it, in the order of the buttons."""
    steps = [name for name, (state, _take) in STEPS.items() if job.may_become(state)]
    return ["go-on", *steps] if job.is_stuck else steps


def button(job: Decision, step: str) -> str:
    """What the button of a step says."""
    match step:
        case "go-on":
            return for_staff("Go on")
        case "cancel":
            return for_staff("Cancel")
        case "undo" if job.act == Act.RELEASE:
            return for_staff("Undo: hold them again")
        case "undo":
            return for_staff("Undo: give them back the state that they had")
    if job.done:
        text = for_staff_plural(
            "Go on with the %(number)s signature that is left",
            "Go on with the %(number)s signatures that are left",
            job.left,
        )
        return text % {"number": f"{job.left:,}"}
    number = job.expected or 0
    if job.act == Act.RELEASE:
        text = for_staff_plural("Release this %(number)s signature", "Release these %(number)s signatures", number)
    else:
        text = for_staff_plural(
            "Invalidate this %(number)s signature", "Invalidate these %(number)s signatures", number
        )
    return text % {"number": f"{number:,}"}


@admin.register(Decision)
class DecisionAdmin(NoDeleting, WatchedAdmin[Decision], OfThePetitionAdmin[Decision]):
    """`petitions.add_decision` permits proposing; `petitions.change_decision` starting, cancelling and undoing."""

    notes_itself = True
    list_display = ["id", "act", "why", "petition", "state", "expected", "done", "undone", "made_by", "made_at"]
    fields = (
        "act", "petition", ("country", "channel"), ("touched", "hold_reason"), "trace", ("signed_from", "signed_until"),
        "why",
    )  # fmt: skip
    view_on_site = False

    def get_readonly_fields(self, request: HttpRequest, obj: Decision | None = None) -> list[str]:
        return FILTER if obj else []

    def save_model(self, request: HttpRequest, obj: Decision, form: forms.ModelForm, change: bool) -> None:
        if not change:
            bulk.propose(obj, by=request.user.get_username())

    def response_add(self, request: HttpRequest, obj: Decision, post_url_continue: str | None = None) -> HttpResponse:
        self.message_user(
            request, for_staff("Nothing is changed yet. The signatures are being counted."), messages.INFO
        )
        return redirect("admin:petitions_decision_change", obj.pk)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Decision | None = None, **kwargs: Any
    ) -> HttpResponse:
        steps = [(step, button(obj, step)) for step in steps_of(obj)] if obj else []
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
            self.message_user(request, for_staff("That is no longer possible; see the state below."), messages.WARNING)
        return redirect("admin:petitions_decision_change", pk)
