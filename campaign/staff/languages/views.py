"""The page on which a member of staff chooses the language of the admin."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from campaign.staff.languages import choice
from campaign.translation import for_staff


@require_http_methods(["GET", "HEAD", "POST"])
def choose_language(request: Any) -> HttpResponse:
    code = request.POST.get("language")
    if request.method == "POST" and code in choice.offered():
        choice.choose(request, request.user, code)
        with translation.override(code):
            messages.success(request, for_staff("From now on the admin and its mails speak your language."))
        return redirect(page_before(request))
    shown = {"languages": choice.offered(), "next": page_before(request), "title": for_staff("Language")}
    return render(request, "admin/language.html", {**admin.site.each_context(request), **shown})


def page_before(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else reverse("admin:index")
