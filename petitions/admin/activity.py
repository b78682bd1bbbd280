"""Read-only pages on one petition, made from tallies and small tables in a constant number of queries."""

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from campaign.translation import for_staff
from petitions.counting import trends as trending
from petitions.counting.overview import overview
from petitions.models import Petition


@permission_required("petitions.moderate_signature", raise_exception=True)
@require_safe
def trends(request: HttpRequest, pk: int) -> HttpResponse:
    petition = get_object_or_404(Petition.objects.for_display(), pk=pk)
    context = {
        **admin.site.each_context(request),
        "title": for_staff("Where signatures come from"),
        "petition": petition,
        "hours": trending.trend_by_hour(petition),
        "domains": trending.by_domain(petition),
        "of_few": trending.of_few(petition),
        "named_from": trending.NAMED_FROM,
    }
    return render(request, "admin/petitions/petition/trends.html", context)


@permission_required("petitions.view_petition", raise_exception=True)
@require_safe
def live(request: HttpRequest, pk: int) -> HttpResponse:
    petition = get_object_or_404(Petition.objects.for_display(), pk=pk)
    context = {
        **admin.site.each_context(request),
        "title": for_staff("How it is doing"),
        "petition": petition,
        "overview": overview(petition),
        "milestones": petition.milestones.all(),
    }
    return render(request, "admin/petitions/petition/live.html", context)
