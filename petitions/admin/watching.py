"""Pages that only look at one petition: from tallies and small tables, in the same few queries at any size."""

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from petitions import trends as trending
from petitions.models import Petition
from petitions.overview import overview


@permission_required("petitions.moderate_signature", raise_exception=True)
@require_safe
def trends(request: HttpRequest, pk: int) -> HttpResponse:
    petition = get_object_or_404(Petition.objects.for_display(), pk=pk)
    context = {
        **admin.site.each_context(request),
        "title": _("Where signatures come from"),
        "petition": petition,
        "hours": trending.by_hour(petition),
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
        "title": _("How it is doing"),
        "petition": petition,
        "overview": overview(petition),
        "milestones": petition.milestones.all(),
    }
    return render(request, "admin/petitions/petition/live.html", context)
