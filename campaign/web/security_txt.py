"""Tell whoever finds a weakness where to report it: `/.well-known/security.txt`, RFC 9116."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from campaign.database import clock
from campaign.web.decorators import public_page

PATH = ".well-known/security.txt"
GOOD_FOR = timedelta(days=180)  # the RFC recommends less than a year


@public_page
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    expires = clock.now() + GOOD_FOR
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires:%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: en",
        f"Canonical: {settings.SITE_URL}/{PATH}",
    ]
    return HttpResponse("".join(f"{line}\n" for line in lines), content_type="text/plain; charset=utf-8")
