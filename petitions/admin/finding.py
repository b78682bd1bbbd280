"""Whether an address has signed: for those who may ask, by post, so that the address stands in no log."""

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from campaign.looking_up import LookUpForm
from petitions import finding


@permission_required("petitions.find_signature", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def find_signature(request: HttpRequest) -> HttpResponse:
    form = LookUpForm(request.POST or None)
    context = {**admin.site.each_context(request), "form": form, "title": _("Look a signature up by its address")}
    if form.is_valid():
        context["found"] = finding.find(form.cleaned_data["address"], by=request.user.get_username())
    return render(request, "admin/petitions/signature/find.html", context)
