"""From the password to the desk: a code is asked for, or the phone that will show them is set up.

These pages are for staff who gave their password and no code yet; they show and do nothing else.
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
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from campaign.staff import codes, second_factor
from campaign.staff.forms import CodeForm, SetUpForm
from campaign.staff.models import Factor, RecoveryCodes

type View = Callable[[HttpRequest, User], HttpResponse]


def with_password(view: View) -> Callable[[HttpRequest], HttpResponse]:
    """For staff who are logged in, with a code or not yet."""

    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, User) and user.is_active and user.is_staff:
            return view(request, user)
        return redirect_to_login(request.get_full_path(), reverse("admin:login"))

    return never_cache(csrf_protect(require_http_methods(["GET", "HEAD", "POST"])(wrapped)))


@with_password
def ask(request: HttpRequest, user: User) -> HttpResponse:
    if not second_factor.is_set_up(user):
        return redirect("admin:second_factor_set_up")
    form = CodeForm(request, user, request.POST or None)
    if form.is_valid():
        remember(request, form.factor)
        tell_what_is_left(request, form.factor)
        return redirect(wanted(request))
    return page(request, "ask", _("Your code"), form=form, wanted=wanted(request))


@with_password
def set_up(request: HttpRequest, user: User) -> HttpResponse:
    form = SetUpForm(request, user, request.POST or None)
    if form.is_valid():
        return adopt(request, user, form)
    address = codes.address(form.secret, user.get_username())
    title = _("A new phone") if form.is_change else _("Set up your second factor")
    drawn = {"drawing": codes.drawing(address), "typed": codes.in_fours(form.secret)}
    return page(request, "set_up", title, form=form, **drawn)


def adopt(request: HttpRequest, user: User, form: SetUpForm) -> HttpResponse:
    authenticator = second_factor.set_up(user, secret=form.secret, step=form.step or 0, is_change=form.is_change)
    if authenticator is None:
        return redirect("admin:second_factor")
    remember(request, authenticator)
    return recovery_codes_of(request, user)


@with_password
def recovery_codes(request: HttpRequest, user: User) -> HttpResponse:
    form = CodeForm(request, user, request.POST or None)
    if form.is_valid():
        remember(request, form.factor)
        return recovery_codes_of(request, user)
    return page(request, "renew", _("New recovery codes"), form=form)


def recovery_codes_of(request: HttpRequest, user: User) -> HttpResponse:
    made = second_factor.renew_recovery_codes(user)
    return page(request, "recovery_codes", _("Your recovery codes"), codes=made, wanted=wanted(request))


def remember(request: HttpRequest, factor: Factor | None) -> None:
    """The session now has both, under a new key."""
    request.session.cycle_key()
    django_otp.login(request, factor)


def tell_what_is_left(request: HttpRequest, factor: Factor | None) -> None:
    if isinstance(factor, RecoveryCodes):
        left = len(factor.digests)
        text = ngettext("%d recovery code is left.", "%d recovery codes are left.", left) % left
        messages.warning(request, text + " " + _("Is the phone lost? Choose “Second factor” at the top."))


def wanted(request: HttpRequest) -> str:
    """Where somebody wanted to go before the code was asked for; never to another site."""
    goal = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME, "")
    is_ours = url_has_allowed_host_and_scheme(goal, {request.get_host()}, require_https=request.is_secure())
    return goal if is_ours else reverse("admin:index")


def page(request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
    everywhere = admin.site.each_context(request)
    return render(request, f"admin/second_factor/{name}.html", {**everywhere, "title": title, **context})
