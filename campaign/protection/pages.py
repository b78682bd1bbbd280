"""Two kinds of public page; every public view is exactly one of them.

`public_page`: the same for everybody, may be cached, sets no cookie.
`personal_page`: belongs to one person: never stored, never indexed, its address never told to another site.
Both take posts without a token and refuse those that another site caused.
"""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from campaign.protection.origin import is_foreign

View = Callable[..., HttpResponse]

MAX_AGE = 10  # seconds
CACHEABLE = f"public, max-age={MAX_AGE}, stale-while-revalidate=60, stale-if-error=86400"
PERSONAL = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}


def public_page(view: View) -> View:
    @wraps(view)
    def page(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        refuse_foreign(request)
        response = view(request, *args, **kwargs)
        is_cacheable = request.method in {"GET", "HEAD"} and response.status_code == 200
        response.headers.setdefault("Cache-Control", CACHEABLE if is_cacheable else "no-store")
        name_onion(request, response)
        return response

    return marked(page, "public")


def personal_page(view: View) -> View:
    @wraps(view)
    def page(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        refuse_foreign(request, accepts_null=True)
        response = view(request, *args, **kwargs)
        for name, value in PERSONAL.items():
            response.headers[name] = value
        return response

    return marked(page, "personal")


def name_onion(request: HttpRequest, response: HttpResponse) -> None:
    """Tor Browser offers to go on where nothing leaves the Tor network; it heeds this under https only."""
    if settings.ONION_URL and not request.get_host().endswith(".onion"):
        response.headers["Onion-Location"] = settings.ONION_URL + request.get_full_path()


def refuse_foreign(request: HttpRequest, *, accepts_null: bool = False) -> None:
    if is_foreign(request, accepts_null=accepts_null):
        raise PermissionDenied("a post that another site caused")


def marked(page: View, kind: str) -> View:
    """What tests/test_project.py looks for on every public view."""
    page.page_kind = kind  # type: ignore[attr-defined]  # a mark on a function
    return csrf_exempt(page)


def is_public(view: View) -> bool:
    """Whether anybody may open it, rather than staff or machines only."""
    return hasattr(view, "page_kind")
