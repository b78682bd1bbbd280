"""Django's admin site, reached by password and code, audited and guarded against conflicting edits."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import partial, wraps
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django_otp.middleware import is_verified

from campaign.admin.lookups import OfferedLookups
from campaign.admin.named_rows import NamedRows
from campaign.staff.accounts.views import ask_address_again, verify_address
from campaign.staff.dual_control.views import stop_act
from campaign.staff.editing import retyping
from campaign.staff.editing.audited_admin import Noted
from campaign.staff.editing.guarded_forms import Guarded
from campaign.staff.editing.moments import TellsPastMoments
from campaign.staff.invitations.views import accept_invitation
from campaign.staff.languages import choice as language_choice
from campaign.staff.languages.views import choose_language
from campaign.staff.login import known_devices, views
from campaign.staff.login.forms import LoginForm, OwnPasswordForm
from campaign.translation import for_staff

MIXED_IN = (Noted, Guarded, TellsPastMoments, OfferedLookups, NamedRows)


class SecondFactorSite(admin.AdminSite):
    login_form = LoginForm
    password_change_form = OwnPasswordForm

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Register a model so that edits are audited, conflicting saves refused, and hidden fields not probed."""
        given = (admin_class,) if admin_class else ()
        ours = type(admin_class.__name__ if admin_class else "ModelAdmin", (*given, *MIXED_IN), {})
        super().register(model_or_iterable, ours, **options)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Run the view in one transaction on POST, so that an act of staff and its audit entry go together."""

        @wraps(view)
        def whole(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            with transaction.atomic() if request.method == "POST" else nullcontext():
                response = view(request, *args, **kwargs)
                if retyping.shown_again(request):
                    transaction.set_rollback(True)
                return response

        guarded = super().admin_view(whole, cacheable)

        @wraps(guarded)
        def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST" and not self.has_permission(request) and retyping.typed_in(request):
                return self.log_in_again(request)
            typed = retyping.take_typed(request) if request.method == "GET" and self.has_permission(request) else None
            if typed is None:
                return guarded(request, *args, **kwargs)
            return self.show_again(request, typed, partial(guarded, request, *args, **kwargs))

        return kept

    def log_in_again(self, request: HttpRequest) -> HttpResponse:
        """Answer a POST that cannot be accepted as it came, so that what was typed is shown again and not lost."""
        if super().has_permission(request):
            retyping.hold_typed(request, retyping.typed_in(request))
            return redirect(request.get_full_path())
        goal = {REDIRECT_FIELD_NAME: request.get_full_path()}
        context = {
            **self.each_context(request),
            **goal,
            "title": for_staff("Log in"),
            "app_path": f"{reverse('admin:login')}?{urlencode(goal)}",
            "form": self.login_form(request),
            "typed": retyping.carried(request),
            "is_refused": True,
        }
        return TemplateResponse(request, "admin/login.html", context, status=HTTPStatus.FORBIDDEN)

    def show_again(
        self, request: HttpRequest, typed: retyping.Typed, form_page: Callable[[], HttpResponse]
    ) -> HttpResponse:
        """Show a form as it was typed, or else what was typed with a button that sends it; nothing is saved here."""
        if retyping.is_form(request):
            retyping.post_again(request, typed)
            response = form_page()
            if response.status_code == HTTPStatus.OK:
                return response
            retyping.forget_messages(request)
        context = {
            **self.each_context(request),
            "title": for_staff("Not saved yet"),
            "lines": retyping.typed_lines(typed),
        }
        context |= {"path": typed["path"], "had_files": typed["had_files"]}
        return TemplateResponse(request, "admin/typed_again.html", context)

    def has_permission(self, request: HttpRequest) -> bool:
        """Return whether the user may see the admin; every page of it asks this."""
        return super().has_permission(request) and (not settings.STAFF_SECOND_FACTOR or is_verified(request.user))

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send whoever has already given the password on to the code."""
        is_half_way = super().has_permission(request) and not self.has_permission(request)
        if request.method != "GET" or not is_half_way:
            typed = request.POST.get(retyping.CARRIED, "")
            response = super().login(request, {"typed": typed, **(extra_context or {})})
            is_done = request.method == "POST" and response.status_code == HTTPStatus.FOUND
            if is_done:
                retyping.hold_typed(request, retyping.unpacked(typed))
            if is_done and isinstance(request.user, User):
                language_choice.recall(request, request.user)
            if is_done and isinstance(request.user, User) and not settings.STAFF_SECOND_FACTOR:
                known_devices.remember_device(request, response, request.user)
            return response
        goal = {REDIRECT_FIELD_NAME: request.GET.get(REDIRECT_FIELD_NAME, "")}
        return redirect(f"{reverse('admin:second_factor')}?{urlencode(goal)}")

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), "asks_second_factor": settings.STAFF_SECOND_FACTOR}

    def get_urls(self) -> list[Any]:
        return [
            path("second-factor/", views.ask_code, name="second_factor"),
            path("second-factor/set-up/", views.set_up, name="second_factor_set_up"),
            path("second-factor/recovery-codes/", views.recovery_codes, name="recovery_codes"),
            path("language/", self.admin_view(choose_language), name="language"),
            path("address/", self.admin_view(ask_address_again), name="ask_address"),
            path("address/<str:token>/", verify_address, name="verify_address"),
            path("invitation/<str:token>/", accept_invitation, name="accept_invitation"),
            path("stop/<str:token>/", stop_act, name="stop_act"),
            path("logout/", self.logout),  # also available between the password and the code
            *super().get_urls(),
        ]
