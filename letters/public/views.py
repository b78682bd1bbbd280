"""Public pages of letter campaigns: the list, the board of answers, and the figures as a page and as files."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campaign.web.decorators import public_page
from campaign.web.statistics import disclosure_control
from campaign.web.statistics.disclosure_control import worth_showing
from letters.models import LetterCampaign
from letters.public import statistics
from letters.public.board import board_of
from letters.public.selectors import get_campaign


@public_page
@require_safe
def campaign_list(request: HttpRequest) -> HttpResponse:
    return render(request, "letters/list.html", {"campaigns": LetterCampaign.objects.published().for_display()})


@public_page
@require_safe
def letter_statistics_page(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = get_campaign(slug)
    areas, by_area = statistics.areas_of(campaign), worth_showing(statistics.by_area(campaign))
    context = {
        "campaign": campaign,
        "total": campaign.tallies.total(),
        "areas": areas,
        "by_area": by_area,
        "tiles": statistics.tiles(by_area) if areas.has_map else [],
        "by_office": worth_showing(statistics.by_office(campaign)),
        "by_day": worth_showing(statistics.letters_by_day(campaign)),
    }
    return render(request, "letters/statistics.html", context)


@public_page
@require_safe
def board_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show where everybody stands who is written to. Raises Http404 unless staff have switched it on."""
    campaign = get_campaign(slug)
    if not campaign.shows_board:
        raise Http404
    return render(request, "letters/board.html", {"campaign": campaign, "board": board_of(campaign)})


@public_page
@require_safe
def letter_statistics_json(request: HttpRequest, slug: str) -> HttpResponse:
    return JsonResponse(statistics.letter_figures(get_campaign(slug)))


@public_page
@require_safe
def letter_statistics_csv(request: HttpRequest, slug: str) -> HttpResponse:
    return disclosure_control.as_file(slug, statistics.table(get_campaign(slug)))
