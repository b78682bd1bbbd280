"""What others show of a petition: a picture beside the link, a QR code, a card on their own site."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.csp import CSP
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from campaign.protection.pages import public_page
from campaign.sharing import codes, pictures
from petitions.showing import get_petition

CARD_POLICY: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.NONE],
    "frame-ancestors": settings.CARD_FRAMED_BY,
}


@public_page
@require_safe
def picture(request: HttpRequest, slug: str) -> HttpResponse:
    return pictures.answer(request, "petitions/picture.txt", {"petition": get_petition(slug)})


@public_page
@require_safe
def code(request: HttpRequest, slug: str) -> HttpResponse:
    return codes.answer(settings.SITE_URL + get_petition(slug).get_absolute_url())


@public_page
@require_safe
@xframe_options_exempt
@csp_override(CARD_POLICY)
def card(request: HttpRequest, slug: str) -> HttpResponse:
    """The only page that other sites may put into a frame: no script, no form, no cookie."""
    return render(request, "petitions/card.html", {"petition": get_petition(slug)})
