"""Public pages of petitions: the list, the statistics and the thanks."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campaign.web.decorators import public_page
from campaign.web.statistics import charts, disclosure_control
from campaign.web.statistics.disclosure_control import worth_showing
from petitions.models import Petition
from petitions.public import statistics, world_map
from petitions.public.events import events
from petitions.public.selectors import get_petition


@public_page
@require_safe
def petition_list(request: HttpRequest) -> HttpResponse:
    return render(request, "petitions/list.html", {"petitions": Petition.objects.visible()})


@public_page
@require_safe
def thanks(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "petitions/thanks.html", {"petition": get_petition(slug)})


@public_page
@require_safe
def statistics_page(request: HttpRequest, slug: str) -> HttpResponse:
    petition = get_petition(slug)
    by_country = worth_showing(statistics.by_country(petition))
    by_day = worth_showing(statistics.by_day(petition))
    days = statistics.days_drawn(by_day)
    context = {
        "petition": petition,
        "by_country": by_country,
        "world": world_map.shapes(by_country) if by_country else (),
        "by_day": by_day,
        "chart": statistics.chart_of(days),
        "marks": charts.marks([day for day, _ in days], [(event.day, event.words) for event in events(petition)]),
        "by_channel": worth_showing(statistics.by_channel(petition)),
    }
    return render(request, "petitions/statistics.html", context)


@public_page
@require_safe
def statistics_json(request: HttpRequest, slug: str) -> HttpResponse:
    return JsonResponse(statistics.figures(get_petition(slug)))


@public_page
@require_safe
def statistics_csv(request: HttpRequest, slug: str) -> HttpResponse:
    return disclosure_control.as_file(slug, statistics.table(get_petition(slug)))


@public_page
@require_safe
def count(request: HttpRequest, slug: str) -> HttpResponse:
    petition = get_petition(slug)
    return JsonResponse({"count": petition.count, "as_of": petition.counted_at.isoformat()})
