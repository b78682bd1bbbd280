"""The language of a page is the one in its address, and nothing else decides it.

Django's LocaleMiddleware also listens to cookies and Accept-Language and so adds `Vary: Accept-Language`, which
would split every cached page by each browser's list of languages.
"""

import re
from collections.abc import Callable
from copy import copy
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils import translation
from django.utils.encoding import escape_uri_path

MOST_STEPS = 6  # to the address that was meant
BEHIND_ADDRESSES = " .,;:!?'\"()[]{}<>*_~|\\’”“»«›…。，、；：！？）」』】》〉"  # in sentences and messengers
LANGUAGE_TAG = re.compile(r"[a-z]{2,3}([-_][a-z]{2,4})?", re.IGNORECASE)


def readable_languages(language: str) -> list[str]:
    """Return the languages in which its readers are shown what staff wrote, the best first.

    >>> readable_languages("zh-hans"), readable_languages("de")
    (['zh-hans', 'zh-hant'], ['de'])
    """
    return [language, *([settings.STAND_INS[language]] if language in settings.STAND_INS else [])]


class LanguageFromPathMiddleware:
    """Serve each page in the language of its address; lead from other spellings to it, in one step.

    Other spellings are /DE/ and /zh-CN/, capitals, and what stands behind an address in a sentence.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        if request.method in {"GET", "HEAD"} and (address := self.meant(request, response)):
            query = request.META.get("QUERY_STRING", "")
            return HttpResponsePermanentRedirect(escape_uri_path(address) + (f"?{query}" if query else ""))
        return response

    def answer(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request.path_info) or settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    def meant(self, request: HttpRequest, response: HttpResponse) -> str | None:
        """Return the address that was meant, if that is another one and something is there.

        Each spelling is tried as if it had been asked for, so a page whose own name is unusual is found under it.
        """
        path = request.path_info
        for _step in range(MOST_STEPS):
            other = led_on(path, response) if response.status_code == 301 else usual_spelling(path)
            if other is None or response.status_code not in {301, 404}:
                break
            path = other
            response = self.answer(asked_for(request, path))
        return path if path != request.path_info and response.status_code in {200, 302} else None


def led_on(path: str, response: HttpResponse) -> str | None:
    """Return the address with its last slash, if only that was missing."""
    target = unquote(urlsplit(response.headers["Location"]).path)
    return target if target == f"{path}/" else None


def asked_for(request: HttpRequest, path: str) -> HttpRequest:
    """Return the request as it would be for the other address."""
    other = copy(request)
    other.path = other.path_info = path
    return other


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
    """Return the address in a more usual spelling, changed in one respect; None where it cannot be more usual.

    >>> usual_spelling("/news/)."), usual_spelling("/DE/news/"), usual_spelling("/zh-CN"), usual_spelling("/en/news/")
    ('/news', '/de/news/', '/zh-hans/', '/news/')
    >>> usual_spelling("/de/News/"), usual_spelling("/de/news/")
    ('/de/news/', None)
    """
    plain = re.sub("//+", "/", path)
    last = plain.rstrip("/").rpartition("/")[2]
    if last[-1:] in set(BEHIND_ADDRESSES) and last != "..":  # which nobody's browser asks for
        plain = plain.rstrip(BEHIND_ADDRESSES + "/") or "/"
    if plain != path:
        return plain
    if code := language_meant(path):
        return prefixed(rest(path), code)
    return path.lower() if path.lower() != path else None


def language_meant(path: str) -> str | None:
    """Return the language whose code the address begins with in another spelling than this site's."""
    first = first_part(path)
    if language_of(path) or not LANGUAGE_TAG.fullmatch(first):
        return None
    try:
        return translation.get_supported_language_variant(first.lower().replace("_", "-"))
    except LookupError:
        return None


def first_part(path: str) -> str:
    return path[1:].partition("/")[0]


def rest(path: str) -> str:
    """Return what follows the first part. Never two slashes in front: a browser would take the next part for a host."""
    return "/" + path[1:].partition("/")[2].lstrip("/")


def name_of(code: str) -> str:
    """Return what its speakers call the language, or the code itself if the site does not have it."""
    return dict(settings.LANGUAGES).get(code, code)
