"""Django's admin as a desk that is reached by password and code."""

from contextlib import nullcontext
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django_otp.middleware import is_verified

from campaign.protection.logins import LoginForm
from campaign.staff import views
from campaign.staff.forms import OwnPasswordForm
from campaign.staff.noted import Noted


class Desk(admin.AdminSite):
    login_form = LoginForm
    password_change_form = OwnPasswordForm

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Whichever app it comes from, what is done there is noted."""
        noted = type(admin_class.__name__, (admin_class, Noted), {}) if admin_class else Noted
        super().register(model_or_iterable, noted, **options)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """An act of staff and its note are one transaction."""

        @wraps(view)
        def whole(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            with transaction.atomic() if request.method == "POST" else nullcontext():
                return view(request, *args, **kwargs)

        return super().admin_view(whole, cacheable)

    def has_permission(self, request: HttpRequest) -> bool:
        """Every page of the admin asks this."""
        return super().has_permission(request) and (not settings.STAFF_SECOND_FACTOR or is_verified(request.user))

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Whoever gave the password already goes on to the code."""
        is_half_way = super().has_permission(request) and not self.has_permission(request)
        if request.method != "GET" or not is_half_way:
            return super().login(request, extra_context)
        goal = {REDIRECT_FIELD_NAME: request.GET.get(REDIRECT_FIELD_NAME, "")}
        return redirect(f"{reverse('admin:second_factor')}?{urlencode(goal)}")

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), "asks_second_factor": settings.STAFF_SECOND_FACTOR}

    def get_urls(self) -> list[Any]:
        return [
            path("second-factor/", views.ask, name="second_factor"),
            path("second-factor/set-up/", views.set_up, name="second_factor_set_up"),
            path("second-factor/recovery-codes/", views.recovery_codes, name="recovery_codes"),
            path("logout/", self.logout),  # also on the way from the password to the code
            *super().get_urls(),
        ]
