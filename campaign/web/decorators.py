"""The two kinds of public page; every public view is exactly one of them.

`public_page`: the same for everybody; it may be cached and sets no cookie.
`personal_page`: belongs to one person; it is never stored or indexed, and no other site learns its address.

Forms on cached pages carry no CSRF token. Both kinds therefore accept posts without one, but refuse those that another
site caused. Browsers tell by Origin or Sec-Fetch-Site where a post comes from. Those that send neither, such as text
browsers, are let through, since these forms act with nobody's cookies.
"""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}
OWN = {"same-origin", "none"}

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
    """Name the onion address, which Tor Browser then offers to the visitor; it heeds this header under https only."""
    if settings.ONION_URL and not request.get_host().endswith(".onion"):
        response.headers["Onion-Location"] = settings.ONION_URL + request.get_full_path()


def refuse_foreign(request: HttpRequest, *, accepts_null: bool = False) -> None:
    if is_foreign(request, accepts_null=accepts_null):
        raise PermissionDenied("a post that another site caused")


def is_foreign(request: HttpRequest, *, accepts_null: bool = False) -> bool:
    """Return whether this request would change something and was caused by another site.

    From pages with `Referrer-Policy: no-referrer`, browsers send `Origin: null` even with posts to the same site. Newer
    ones also send `Sec-Fetch-Site: same-origin`. For older ones, `accepts_null` lets such a post through, on pages
    whose address itself is a secret.
    """
    if request.method in SAFE_METHODS:
        return False
    site = request.META.get("HTTP_SEC_FETCH_SITE")
    origin = request.META.get("HTTP_ORIGIN")
    if site is not None and site not in OWN:
        return True
    if origin == "null":
        return site is None and not accepts_null
    return origin is not None and not is_own(origin, request)


def is_own(origin: str, request: HttpRequest) -> bool:
    return origin == settings.SITE_URL or origin == f"{request.scheme}://{request.get_host()}"


def marked(page: View, kind: str) -> View:
    """Exempt the view from CSRF tokens, and mark its kind, as tests/test_project.py requires of every public view."""
    page.page_kind = kind  # type: ignore[attr-defined]  # a mark on a function
    return csrf_exempt(page)


def is_public(view: View) -> bool:
    """Return whether the view is for everybody rather than for staff or machines only."""
    return hasattr(view, "page_kind")
