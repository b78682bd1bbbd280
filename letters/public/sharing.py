"""What is shared of a letter campaign: a picture to go with the link, and a QR code."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from campaign.sharing import pictures, qr_codes
from campaign.web.decorators import public_page
from campaign.web.links import absolute
from letters.public.selectors import get_campaign


@public_page
@require_safe
def picture(request: HttpRequest, slug: str) -> HttpResponse:
    return pictures.picture_response(request, "letters/picture.txt", {"campaign": get_campaign(slug)})


@public_page
@require_safe
def code(request: HttpRequest, slug: str) -> HttpResponse:
    return qr_codes.qr_response(absolute(get_campaign(slug).get_absolute_url()))
