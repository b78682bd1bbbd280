"""The pages of a petition."""

from contextlib import suppress

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from campaign import figures
from campaign.protection.pages import public_page
from petitions import consent, showing, statistics, voices, world
from petitions.after_signing import sign_and_redirect
from petitions.forms import SignForm, form_for
from petitions.models import Petition
from petitions.showing import get_petition
from petitions.signing import NotOpen


@public_page
@require_safe
def petition_list(request: HttpRequest) -> HttpResponse:
    return render(request, "petitions/list.html", {"petitions": Petition.objects.visible()})


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def petition_page(request: HttpRequest, slug: str) -> HttpResponse:
    petition = get_petition(slug)
    form = form_for(petition, request.POST or None)
    if request.method != "POST":
        return render_petition(request, petition, form)
    if form.is_valid():
        with suppress(NotOpen):
            return sign_and_redirect(request, petition, form.cleaned_data)
        petition = showing.read(slug) or petition  # it may have been stopped a moment ago
    return render_petition(request, petition, form, status=422 if petition.is_open else 409)


def render_petition(request: HttpRequest, petition: Petition, form: SignForm, status: int = 200) -> HttpResponse:
    context = {"petition": petition, "form": form, "consent": consent.wording(petition)}
    if petition.asks_why:
        context["voices"] = voices.newest(petition.pk)
    return render(request, "petitions/petition.html", context, status=status)


@public_page
@require_safe
def thanks(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "petitions/thanks.html", {"petition": get_petition(slug)})


@public_page
@require_safe
def statistics_page(request: HttpRequest, slug: str) -> HttpResponse:
    petition = get_petition(slug)
    by_country = statistics.by_country(petition)
    context = {
        "petition": petition,
        "by_country": by_country,
        "world": world.shapes(by_country),
        "by_day": statistics.by_day(petition),
        "by_channel": statistics.by_channel(petition),
    }
    return render(request, "petitions/statistics.html", context)


@public_page
@require_safe
def statistics_json(request: HttpRequest, slug: str) -> HttpResponse:
    return JsonResponse(statistics.figures(get_petition(slug)))


@public_page
@require_safe
def statistics_csv(request: HttpRequest, slug: str) -> HttpResponse:
    return figures.as_file(slug, statistics.table(get_petition(slug)))


@public_page
@require_safe
def count(request: HttpRequest, slug: str) -> HttpResponse:
    petition = get_petition(slug)
    return JsonResponse({"count": petition.count, "as_of": petition.counted_at.isoformat()})
