"""Pages between the password and the admin: ask for a code, or set up the phone that will show them.

They are for staff who have given their password, with or without a code; they show and do nothing else.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import django_otp
from django.contrib import admin, messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.csrf import csrf_failure as refuse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods
from django_otp.middleware import is_verified

from campaign.staff.editing import retyping
from campaign.staff.login import known_devices, one_time_codes, second_factor
from campaign.staff.login.forms import SecondFactorForm, SetUpForm
from campaign.staff.models import Factor, RecoveryCodes
from campaign.translation import for_staff, for_staff_plural

type View = Callable[[HttpRequest, User], HttpResponse]


def with_password(view: View) -> Callable[[HttpRequest], HttpResponse]:
    """Admit staff who are logged in, whether or not they have given a code yet; remember the device of those who do."""

    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, User) and user.is_active and user.is_staff:
            was_verified = is_verified(request.user)
            response = view(request, user)
            if is_verified(request.user) and not was_verified:
                known_devices.remember_device(request, response, user)
            return response
        return redirect_to_login(request.get_full_path(), reverse("admin:login"))

    return never_cache(csrf_protect(require_http_methods(["GET", "HEAD", "POST"])(wrapped)))


@with_password
def ask_code(request: HttpRequest, user: User) -> HttpResponse:
    if not second_factor.is_set_up(user):
        return redirect("admin:second_factor_set_up")
    form = SecondFactorForm(request, user, request.POST or None)
    if form.is_valid():
        remember_factor(request, form.factor)
        tell_what_is_left(request, form.factor)
        return redirect(wanted(request))
    return factor_page(request, "ask", for_staff("Your code"), form=form, wanted=wanted(request))


@with_password
def set_up(request: HttpRequest, user: User) -> HttpResponse:
    form = SetUpForm(request, user, request.POST or None)
    if form.is_valid():
        return adopt(request, user, form)
    address = one_time_codes.otpauth_address(form.secret, user.get_username())
    title = for_staff("A new phone") if form.is_change else for_staff("Set up your second factor")
    drawn = {"drawing": one_time_codes.drawing(address), "typed": one_time_codes.in_fours(form.secret)}
    return factor_page(request, "set_up", title, form=form, **drawn)


def adopt(request: HttpRequest, user: User, form: SetUpForm) -> HttpResponse:
    authenticator = second_factor.set_up_factor(user, secret=form.secret, step=form.step or 0, is_change=form.is_change)
    if authenticator is None:
        return redirect("admin:second_factor")
    remember_factor(request, authenticator)
    return recovery_codes_of(request, user)


@with_password
def recovery_codes(request: HttpRequest, user: User) -> HttpResponse:
    form = SecondFactorForm(request, user, request.POST or None)
    if form.is_valid():
        remember_factor(request, form.factor)
        return recovery_codes_of(request, user)
    return factor_page(request, "renew", for_staff("New recovery codes"), form=form)


def recovery_codes_of(request: HttpRequest, user: User) -> HttpResponse:
    made = second_factor.renew_recovery_codes(user)
    return factor_page(request, "recovery_codes", for_staff("Your recovery codes"), codes=made, wanted=wanted(request))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Keep what was typed into a form of the admin whose cookies are gone; refuse what another site has sent."""
    if retyping.comes_from_here(request) and retyping.typed_in(request):
        site: Any = admin.site
        return site.log_in_again(request)
    return refuse(request, reason)


def remember_factor(request: HttpRequest, factor: Factor | None) -> None:
    """Mark the session as verified by both factors, under a new key."""
    request.session.cycle_key()
    django_otp.login(request, factor)


def tell_what_is_left(request: HttpRequest, factor: Factor | None) -> None:
    if isinstance(factor, RecoveryCodes):
        left = len(factor.digests)
        text = for_staff_plural("%(left)s recovery code is left.", "%(left)s recovery codes are left.", left) % {
            "left": left
        }
        messages.warning(
            request, for_staff("%(text)s Is the phone lost? Choose “Second factor” at the top.") % {"text": text}
        )


def wanted(request: HttpRequest) -> str:
    """Return where the user wanted to go before the code was asked for; never another site."""
    goal = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME, "")
    is_ours = url_has_allowed_host_and_scheme(goal, {request.get_host()}, require_https=request.is_secure())
    return goal if is_ours else reverse("admin:index")


def factor_page(request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
    everywhere = admin.site.each_context(request)
    return render(request, f"admin/second_factor/{name}.html", {**everywhere, "title": title, **context})
