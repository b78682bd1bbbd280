"""What pages add to every template: the menus, what staff say about the site, and whom and what it can name.

Asked for only when used.
"""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from campaign.performance.local_cache import kept
from pages.content import selectors
from pages.content.menu import menus
from pages.models import SiteSettings


def menu(request: HttpRequest) -> dict[str, Any]:
    settings: Any = SimpleLazyObject(lambda: settings_of(request))
    found: Any = SimpleLazyObject(lambda: menus(request.path, names_senate=settings.names_senate))
    return {
        "menu": SimpleLazyObject(lambda: found["header"]),
        "footer_links": SimpleLazyObject(lambda: found["footer"]),
        "site_settings": settings,
        "site_name": SimpleLazyObject(lambda: settings.local.name),
        "contact_email": SimpleLazyObject(lambda: settings.contact_email),
        "people": SimpleLazyObject(selectors.people),
        "findings": SimpleLazyObject(selectors.findings),
        "evidence_page": SimpleLazyObject(selectors.evidence_page),
        "social_links": SimpleLazyObject(lambda: list(settings.accounts.all())),
    }


load = kept(SiteSettings.load)


def settings_of(request: HttpRequest) -> SiteSettings:
    """The same ones throughout a request."""
    known = vars(request)
    if "site_settings" not in known:
        known["site_settings"] = load()
    found: SiteSettings = known["site_settings"]
    return found
