"""Posts from other sites are refused.

Forms on cached pages carry no token. Browsers say where a post comes from: a foreign Origin or Sec-Fetch-Site is
refused. A browser that says neither, as text browsers do, passes: these forms act with nobody's cookies.
"""

from django.conf import settings
from django.http import HttpRequest

SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}
OWN = {"same-origin", "none"}


def is_foreign(request: HttpRequest, *, accepts_null: bool = False) -> bool:
    """Whether this request would change something and was caused by another site.

    Pages under `Referrer-Policy: no-referrer` make browsers send `Origin: null` with our own posts. Newer browsers
    also say same-origin; for older ones `accepts_null` lets it pass where the address itself is a secret.
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
