"""The public figures of a letter campaign: a page, and the same as files."""

import csv

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

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
    campaign = get_campaign(slug)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}.csv"'
    writer = csv.writer(response)
    writer.writerow(["what", "which", "count"])
    writer.writerows(statistics.table(campaign))
    return response
