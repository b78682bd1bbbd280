"""What other sites show of a petition: a picture next to its link, a QR code, and a card to embed."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.csp import CSP
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from campaign.sharing import pictures, qr_codes
from campaign.web.decorators import public_page
from campaign.web.links import absolute
from petitions.public.selectors import get_petition

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
    return pictures.picture_response(request, "petitions/picture.txt", {"petition": get_petition(slug)})


@public_page
@require_safe
def code(request: HttpRequest, slug: str) -> HttpResponse:
    return qr_codes.qr_response(absolute(get_petition(slug).get_absolute_url()))


@public_page
@require_safe
@xframe_options_exempt
@csp_override(CARD_POLICY)
def card(request: HttpRequest, slug: str) -> HttpResponse:
    """Render the only page that other sites may put into a frame: it has no script and no form, and sets no cookie."""
    return render(request, "petitions/card.html", {"petition": get_petition(slug)})
