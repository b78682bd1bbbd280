"""The admin of an act under dual control: who may asks, approves, stops, and does it with a fresh code.

A kind of act is a subclass with its `do`, and a template that extends `admin/dual_control/change_form.html`.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format

from campaign.admin.permissions import NoChanging, NoDeleting
from campaign.staff.accounts.standing import NotSettled
from campaign.staff.dual_control import workflow
from campaign.staff.dual_control.models import DualControlled
from campaign.staff.login.forms import SecondFactorForm
from campaign.translation import for_staff, for_staff_lazy

NOT_OPEN = for_staff_lazy(
    "It cannot be done now: nobody has approved it, its waiting time is not over, it was stopped, or it was"
    " approved too long ago."
)
LAPSED = for_staff_lazy(
    "Somebody stopped it, or whoever asked for it has left or may no longer ask, or asked too long ago. Ask anew."
)
LISTED = ["stage_in_words", "requested_by", "requested_at", "approved_by", "approved_at"]
STEPS = ["requested_by", "requested_at", "approved_by", "approved_at", "opens_at", "stopped_by", "stopped_at"]


class DualControlAdmin[A: DualControlled](NoChanging, NoDeleting, admin.ModelAdmin[A]):
    notes_itself = True
    list_select_related = ["requested_by", "approved_by"]
    ordering = ["-pk"]
    request_fields: list[str]  # shown of a request, above its steps

    def do(self, act: A, *, by: Any) -> HttpResponseBase | str:
        """Do the act in one transaction with `workflow.begin`; return an answer, or what to tell whoever did it."""
        raise NotImplementedError

    @admin.display(description=for_staff_lazy("number"), ordering="pk")
    def number(self, act: A) -> int:
        return act.pk

    @admin.display(description=for_staff_lazy("stands"))
    def stage_in_words(self, act: A) -> str:
        return str(act.stage.label)

    def get_fields(self, request: HttpRequest, obj: A | None = None) -> Any:
        return [*self.request_fields, *STEPS] if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: A | None = None) -> Any:
        return [*self.request_fields, *STEPS] if obj else []

    def render_change_form(self, request: Any, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        act: A | None = context["original"]
        is_theirs = act is not None and act.is_between(request.user)
        shown = {"is_theirs": is_theirs, "form": code_form(request), "hours": settings.DUAL_CONTROL_WAIT_HOURS}
        shown |= {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().render_change_form(request, {**context, **shown}, *args, **kwargs)

    def may(self, request: HttpRequest) -> bool:
        return request.user.has_perm(self.model.permission)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may(request)

    def has_view_permission(self, request: HttpRequest, obj: A | None = None) -> bool:
        return self.may(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may(request)

    def save_model(self, request: Any, obj: A, form: Any, change: bool) -> None:
        if not change:
            workflow.request(obj, by=request.user)

    def response_add(self, request: HttpRequest, obj: A, post_url_continue: str | None = None) -> HttpResponse:
        """Lead to its page, which says what comes next."""
        self.message_user(request, for_staff("Waits for a colleague: %(act)s") % {"act": obj}, messages.SUCCESS)
        return redirect(obj.page)

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        buttons = {"approve": self.approve, "stop": self.stop, "do": self.do_with_code}
        ours = [
            path(f"<int:pk>/{act}/", self.admin_site.admin_view(self.button(view)), name=f"{name}_{act}")
            for act, view in buttons.items()
        ]
        return [*ours, *super().get_urls()]

    def button(self, view: Callable[[Any, A], HttpResponseBase | None]) -> Callable[..., HttpResponseBase]:
        """Return the view of a button, which leads back to the page of its act."""

        def pressed(request: HttpRequest, pk: int) -> HttpResponseBase:
            if request.method != "POST" or not self.may(request):
                raise PermissionDenied
            act = get_object_or_404(self.model.objects.for_work(), pk=pk)
            page = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[pk])
            return view(request, act) or redirect(page)

        return pressed

    def approve(self, request: Any, act: A) -> None:
        try:
            workflow.approve(act, by=request.user)
            self.message_user(request, for_staff("Approved. Now it waits, and all others are told."), messages.SUCCESS)
        except workflow.Lapsed:
            self.message_user(request, LAPSED, messages.ERROR)
        except NotSettled as refusal:
            self.message_user(request, why_not_settled(refusal), messages.ERROR)

    def stop(self, request: Any, act: A) -> None:
        if workflow.stop(act, by=request.user):
            self.message_user(request, for_staff("Stopped for good. All others are told."), messages.SUCCESS)
        else:
            self.message_user(request, for_staff("There was nothing left to stop: see how it stands."), messages.ERROR)

    def do_with_code(self, request: Any, act: A) -> HttpResponseBase | None:
        """Let one of the two do it; whoever is none of them uses up no code."""
        if not act.is_between(request.user):
            raise PermissionDenied("this is between two others")
        form = code_form(request, request.POST)
        if form and not form.is_valid():
            self.message_user(request, " ".join(map(str, form.errors["code"])), messages.ERROR)
            return None
        try:
            answer = self.do(act, by=request.user)
        except workflow.NotOpen:
            self.message_user(request, NOT_OPEN, messages.ERROR)
        except NotSettled as refusal:
            self.message_user(request, why_not_settled(refusal), messages.ERROR)
        else:
            if not isinstance(answer, str):
                return answer
            self.message_user(request, answer, messages.SUCCESS)
        return None


def code_form(request: Any, data: Any = None) -> SecondFactorForm | None:
    """Return the form that asks for a fresh code; None where staff have no second factor."""
    return SecondFactorForm(request, request.user, data) if settings.STAFF_SECOND_FACTOR else None


def why_not_settled(refusal: NotSettled) -> str:
    name, days = refusal.person.get_username(), settings.HANDOVER_WAIT_DAYS
    if refusal.until is None:
        return for_staff("%(name)s has no %(lacks)s, and so cannot be one of the two people.") % {
            "name": name,
            "lacks": refusal.lacks,
        }
    return for_staff(
        "The account, roles or second factor of %(name)s were made or changed less than %(days)s days "
        "ago. From %(settled)s on it can be one of the two people."
    ) % {"name": name, "days": days, "settled": date_format(timezone.localtime(refusal.until), "DATETIME_FORMAT")}
