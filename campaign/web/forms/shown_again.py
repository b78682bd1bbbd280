"""Show again what was typed, so that Back, Forward and Reload lose nothing, without a cookie and without a row.

A form that was posted, and is not done with, is answered by a redirect to an address that carries what was typed
(campaign/secrecy/passages.py) and shows the same page whenever it is opened, for most of an hour. What is too long for
an address is answered at once, and so is what came at the wrong time (409).
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict

from campaign.secrecy import passages

FIELD = "typed"
LONGEST = 7000  # characters of an address; proxies take 8 KB of a request's first line
FOR_GOING_BACK = "private, no-cache"  # the visitor's browser alone may keep it, and asks here before it shows it anew


def shown_again(*, is_kept: bool) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Decorate a view that takes `typed`: what was posted, or what its address carries, or None.

    With anything but POST the view must change nothing, whatever `typed` is. `is_kept`: what visitors change on the
    page before they go on is worth more than leaving no copy in their browser, so that it may keep the page.
    """

    def decorated(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def page(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            typed = request.POST if request.method == "POST" else carried(request)
            response = view(request, *args, typed=typed, **kwargs)
            if typed is None or response.status_code in {HTTPStatus.FOUND, HTTPStatus.SEE_OTHER}:
                return response
            is_to_be_redirected = request.method == "POST" and response.status_code != HTTPStatus.CONFLICT
            if address := address_with(request) if is_to_be_redirected else "":
                return HttpResponseRedirect(address, status=HTTPStatus.SEE_OTHER)
            response.headers["Cache-Control"] = FOR_GOING_BACK if is_kept else "no-store"
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
            return response

        return page

    return decorated


def address_with(request: HttpRequest) -> str:
    """Return this page's address with what was posted to it; nothing if that is too long or no key can be had."""
    passage = passages.in_url(dict(request.POST.lists()), purpose_of(request))
    address = f"{request.path}?{FIELD}={passage}"
    return address if passage and len(address) <= LONGEST else ""


def carried(request: HttpRequest) -> QueryDict | None:
    """Return what this page's address carries; None also behind a link of another site, as of a mailbox on the web."""
    if FIELD not in request.GET or request.META.get("HTTP_SEC_FETCH_SITE") == "cross-site":
        return None
    values = passages.read(request.GET[FIELD], purpose_of(request))
    if values is None:
        return None
    typed = QueryDict(mutable=True)
    for name, given in values.items():
        typed.setlist(name, given)
    return typed


def purpose_of(request: HttpRequest) -> str:
    """Return what the passage is made for: that of one page opens on no other."""
    return f"typed {request.path}"
