"""The public figures of a letter campaign: a page, and the same as files."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campaign import figures
from campaign.protection.pages import public_page
from letters import statistics
from letters.models import LetterTally
from letters.views import get_campaign


@public_page
@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = get_campaign(slug)
    by_state = statistics.by_state(campaign)
    context = {
        "campaign": campaign,
        "total": LetterTally.objects.total(campaign),
        "by_state": by_state,
        "tiles": statistics.tiles(by_state),
        "by_office": statistics.by_office(campaign),
        "by_day": statistics.by_day(campaign),
    }
    return render(request, "letters/statistics.html", context)


@public_page
@require_safe
def as_json(request: HttpRequest, slug: str) -> HttpResponse:
    return JsonResponse(statistics.figures(get_campaign(slug)))


@public_page
@require_safe
def as_csv(request: HttpRequest, slug: str) -> HttpResponse:
    return figures.as_file(slug, statistics.table(get_campaign(slug)))
