"""The language of a page is the one in its address, and nothing else decides it.

Django's LocaleMiddleware also listens to cookies and Accept-Language and so adds `Vary: Accept-Language`, which
would split every cached page by each browser's list of languages.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation


class LanguageFromPathMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def in_language(path: str, code: str) -> str:
    """The same page in another language: the prefix is all that differs.

    >>> in_language("/de/news/", "fr"), in_language("/news/", "ar"), in_language("/de/news/", "en")
    ('/fr/news/', '/ar/news/', '/news/')
    """
    return prefixed(bare(path), code)


def bare(path: str) -> str:
    """What the page's addresses in all languages have alike, which is the English one."""
    prefix = translation.get_language_from_path(path)
    return path[len(prefix) + 1 :] if prefix else path


def prefixed(bare_path: str, code: str) -> str:
    return bare_path if code == settings.LANGUAGE_CODE else f"/{code}{bare_path}"


def name_of(code: str) -> str:
    """As its speakers call it; the code itself if the site does not have it."""
    return dict(settings.LANGUAGES).get(code, code)
