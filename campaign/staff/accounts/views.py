"""Verify the address of a staff account: the page of the mailed link, and the button that mails it again."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from campaign.staff.accounts import address_verification
from campaign.staff.accounts.address_verification import AddressLink
from campaign.translation import for_staff
from campaign.web.decorators import personal_page


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def verify_address(request: HttpRequest, token: str) -> HttpResponse:
    """Show one button, and what became of it; whoever has the link reads the mail, so no login is asked for."""
    link = AddressLink.read(token)
    is_done = bool(link and request.method == "POST" and address_verification.use(link))
    person = link.person() if link else None
    is_usable = person is not None and not address_verification.is_taken(person)
    shown = {"person": person, "is_done": is_done, "is_usable": is_usable, "title": for_staff("Is this your address?")}
    context = {**admin.site.each_context(request), **shown}
    return render(request, "admin/address.html", context, status=200 if is_usable else 404)


def ask_address_again(request: Any) -> HttpResponse:
    """Mail the link to one's own address once more."""
    if request.method != "POST" or not request.user.email:
        raise PermissionDenied
    address_verification.ask(request.user)
    messages.success(request, for_staff("A link is on its way to %(email)s.") % {"email": request.user.email})
    return redirect("admin:index")
