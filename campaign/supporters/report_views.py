"""The address that the mail provider posts its reports to: `/mail/events/`."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from campaign.supporters import reports

PLAIN = {"Cache-Control": "no-store"}


@csrf_exempt
@require_http_methods(["HEAD", "POST"])
def mail_events(request: HttpRequest) -> HttpResponse:
    """Not there unless it is set up; 403 for what the provider did not sign; 200 also for what changes nothing."""
    if not reports.is_heard():
        raise Http404
    if request.method == "POST":
        try:
            reports.take(reports.believed(request))
        except reports.Unbelieved:
            return HttpResponse(status=403, headers=PLAIN)
    return HttpResponse(headers=PLAIN)
