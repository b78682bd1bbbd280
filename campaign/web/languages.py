"""The language of a page is the one in its address, and nothing else decides it.

Django's LocaleMiddleware also listens to cookies and Accept-Language and so adds `Vary: Accept-Language`, which
would split every cached page by each browser's list of languages.
"""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils import translation

LANGUAGE_TAG = re.compile(r"[a-z]{2,3}([-_][a-z]{2,4})?", re.IGNORECASE)


class LanguageFromPathMiddleware:
    """Serve each page in the language of its address; lead from other spellings (/DE/, /zh-CN/) to it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request.path_info) or settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        if response.status_code == 404 and request.method in {"GET", "HEAD"}:
            address = usual_spelling(request.path_info)
            if address:
                query = request.META.get("QUERY_STRING", "")
                return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)
        response.headers.setdefault("Content-Language", language)
        return response


def language_of(path: str) -> str | None:
    """Return the code that the address begins with; None for English, which has no prefix.

    Only as the site itself writes it: Django's own look-up also takes /DE/ and /it-works/ for languages.
    """
    code = first_part(path)
    return code if code in dict(settings.LANGUAGES) and code != settings.LANGUAGE_CODE else None


def unprefixed(path: str) -> str:
    """Return the address without its language, which is the address of the English page.

    >>> unprefixed("/de/news/"), unprefixed("/news/"), unprefixed("/de")
    ('/news/', '/news/', '/')
    """
    code = language_of(path)
    return rest(path) if code else path


def prefixed(english_path: str, code: str) -> str:
    """Return the address in the language `code` of the page whose English address is given.

    >>> prefixed("/news/", "ar"), prefixed("/news/", "en")
    ('/ar/news/', '/news/')
    """
    return english_path if code == settings.LANGUAGE_CODE else f"/{code}{english_path}"


def usual_spelling(path: str) -> str | None:
    """Return the address that was meant where a language is written otherwise than on this site; None where none is.

    >>> usual_spelling("/DE/news/"), usual_spelling("/zh-CN"), usual_spelling("/en/news/"), usual_spelling("/de/news/")
    ('/de/news/', '/zh-hans/', '/news/', None)
    """
    first = first_part(path)
    if language_of(path) or not LANGUAGE_TAG.fullmatch(first):
        return None
    try:
        code = translation.get_supported_language_variant(first.lower().replace("_", "-"))
    except LookupError:
        return None
    return prefixed(rest(path), code)


def first_part(path: str) -> str:
    return path[1:].partition("/")[0]


def rest(path: str) -> str:
    """Return what follows the first part. Never two slashes in front: a browser would take the next part for a host."""
    return "/" + path[1:].partition("/")[2].lstrip("/")


def name_of(code: str) -> str:
    """Return what its speakers call the language, or the code itself if the site does not have it."""
    return dict(settings.LANGUAGES).get(code, code)
