"""From either form that signs to the page that says where the mail went."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language

from campaign.keeping import kept
from campaign.protection.networks import client_address
from campaign.secrecy import passages
from petitions import consent, showing, signing
from petitions.models import Petition
from petitions.voices import Said

PASSAGE = "petition-check-email"


def sign_and_redirect(
    request: HttpRequest, petition: Petition, typed: dict[str, Any], *, is_resent: bool = False
) -> HttpResponse:
    """The same answer whatever is known of the address."""
    language = get_language() or "en"
    signing.sign(
        petition=petition,
        text=showing.text_of(petition, language),
        consent=consent.current(petition),
        name=typed["name"],
        address=typed["email"],
        country=typed["country"],
        language=language,
        client=client_address(request),
        wants_news=bool(typed["updates"]),
        said=said(typed),
    )
    again = "&again=1" if is_resent else ""
    return HttpResponseRedirect(
        f"{check_email_path(petition.slug, language)}?to={passages.wrap(typed, PASSAGE)}{again}"
    )


def said(typed: dict[str, Any]) -> Said:
    """What the form of a petition that asks for reasons adds."""
    return Said(typed.get("reason", ""), typed.get("public_name", ""), bool(typed.get("is_public")))


@kept
def check_email_path(slug: str, language: str) -> str:
    with translation.override(language):
        return reverse("petitions:check-email", args=[slug])
