"""Who reads which language: kept for each account, and carried by the session so that no page asks the database."""

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

from campaign.staff.models import ChosenLanguage

IN_SESSION = "staff_language"


def offered() -> dict[str, str]:
    """Return the languages that the admin speaks, as each calls itself, by code."""
    return {code: name for code, name in settings.LANGUAGES if code in settings.STAFF_LANGUAGES}


def choose(request: HttpRequest, user: User, code: str) -> None:
    ChosenLanguage.objects.update_or_create(user=user, defaults={"code": code})
    request.session[IN_SESSION] = code


def recall(request: HttpRequest, user: User) -> None:
    """Put what the user chose earlier into the session that begins."""
    if code := ChosenLanguage.objects.filter(user=user).values_list("code", flat=True).first():
        request.session[IN_SESSION] = code


def language_of_request(request: HttpRequest) -> str:
    """Return what was chosen, else what the browser asks for, else English."""
    chosen = request.session.get(IN_SESSION)
    return chosen if chosen in settings.STAFF_LANGUAGES else asked_for(request.headers.get("Accept-Language", ""))


def asked_for(accept_language: str) -> str:
    """Return the first language of the header that the admin speaks.

    >>> asked_for("ko, zh-TW;q=0.9, de;q=0.8"), asked_for("de-AT"), asked_for("es"), asked_for("")
    ('zh-hant', 'de', 'en', 'en')
    """
    for code, _weight in parse_accept_lang_header(accept_language):
        try:
            variant = get_supported_language_variant(code)
        except LookupError:
            continue
        if variant in settings.STAFF_LANGUAGES:
            return variant
    return settings.LANGUAGE_CODE


def language_of_address(address: str) -> str:
    """Return the language of whoever has this address; English for an address that no account has."""
    chosen = ChosenLanguage.objects.filter(user__email__iexact=address, code__in=settings.STAFF_LANGUAGES)
    return chosen.values_list("code", flat=True).first() or settings.LANGUAGE_CODE
