"""The pages of a petition."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from campaign.protection.pages import public_page
from petitions import consent, statistics
from petitions.forms import SignForm
from petitions.models import Petition
from petitions.signer_views import get_petition, sign_and_redirect


@public_page
@require_safe
def petition_list(request: HttpRequest) -> HttpResponse:
    return render(request, "petitions/list.html", {"petitions": Petition.objects.visible()})


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def petition_page(request: HttpRequest, slug: str) -> HttpResponse:
    petition = get_petition(slug)
    form = SignForm(request.POST or None)
    context = {"petition": petition, "form": form, "consent": consent.wording()}
    if request.method != "POST":
        return render(request, "petitions/petition.html", context)
    if not petition.is_open:
        return render(request, "petitions/petition.html", context, status=409)
    if not form.is_valid():
        return render(request, "petitions/petition.html", context, status=422)
    return sign_and_redirect(request, petition, form.cleaned_data)


@public_page
@require_safe
def thanks(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "petitions/thanks.html", {"petition": get_petition(slug)})


@public_page
@require_safe
def statistics_page(request: HttpRequest, slug: str) -> HttpResponse:
    petition = get_petition(slug)
    context = {"petition": petition, "by_country": statistics.by_country(petition), "by_day": statistics.by_day(petition)}
    return render(request, "petitions/statistics.html", context)


@public_page
@require_safe
def count(request: HttpRequest, slug: str) -> HttpResponse:
    petition = get_petition(slug)
    return JsonResponse({"count": petition.count, "as_of": petition.counted_at.isoformat()})
