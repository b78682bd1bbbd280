"""The QR code of a URL, as a vector drawing that stays sharp on a poster."""

import io

import segno
from django.http import HttpResponse


def qr_response(url: str) -> HttpResponse:
    """Return the code, black on white with the quiet margin that readers need, whatever the page around it."""
    drawn = io.BytesIO()
    segno.make(url, error="m").save(drawn, kind="svg", light="#fff", omitsize=True)
    headers = {"Cache-Control": "public, max-age=86400"}
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml", headers=headers)
