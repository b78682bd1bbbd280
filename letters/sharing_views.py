"""What others show of a letter campaign: a picture beside the link, a QR code."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from campaign.protection.pages import public_page
from campaign.sharing import codes, pictures
from letters.views import get_campaign


@public_page
@require_safe
def picture(request: HttpRequest, slug: str) -> HttpResponse:
    return pictures.answer(request, "letters/picture.txt", {"campaign": get_campaign(slug)})


@public_page
@require_safe
def code(request: HttpRequest, slug: str) -> HttpResponse:
    return codes.answer(settings.SITE_URL + get_campaign(slug).get_absolute_url())
