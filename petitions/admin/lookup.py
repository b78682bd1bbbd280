"""Look up whether an address has signed, with a permission of its own and by POST, so that no log holds the address."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from campaign.translation import for_staff
from campaign.web.forms.lookup import LookUpForm
from petitions.moderation import lookup


@permission_required("petitions.find_signature", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def find_signature(request: HttpRequest) -> HttpResponse:
    by: Any = request.user
    form = LookUpForm(request.POST or None, by=by)
    context = {
        **admin.site.each_context(request),
        "form": form,
        "title": for_staff("Look a signature up by its address"),
    }
    if form.is_valid():
        address, reason = form.cleaned_data["address"], form.cleaned_data["reason"]
        context["found"] = lookup.find(address, by=by.get_username(), reason=reason)
    return render(request, "admin/petitions/signature/find.html", context)
