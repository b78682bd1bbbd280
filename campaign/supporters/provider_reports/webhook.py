"""The URL to which the mail provider posts its reports: `/mail/events/`."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from campaign.mail.reports import NotYet
from campaign.supporters.provider_reports import delivery_reports

NO_STORE = {"Cache-Control": "no-store"}


@csrf_exempt
@require_http_methods(["HEAD", "POST"])
def mail_events(request: HttpRequest) -> HttpResponse:
    """Take a report.

    404 unless reports are set up; 403 for what the provider did not sign; 503 for what it is to tell
    again; 200 otherwise, even if nothing changes.
    """
    if not delivery_reports.is_heard():
        raise Http404
    if request.method == "POST":
        try:
            delivery_reports.take(delivery_reports.believed(request))
        except delivery_reports.Unbelieved:
            return HttpResponse(status=403, headers=NO_STORE)
        except NotYet:
            return HttpResponse(status=503, headers=NO_STORE)
    return HttpResponse(headers=NO_STORE)
