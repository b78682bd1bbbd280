"""Looking at a draft before visitors do: a link that colleagues can open without an account, for a week."""

from collections.abc import Callable
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from campaign.revisions import history
from campaign.revisions.models import Version
from pages.content import selectors
from pages.content.menu import menus
from pages.models import NewsItem, Page, SiteSettings

PREVIEW_SALT = "pages.preview"
LINK_SECONDS = 7 * 24 * 3600  # seconds
NO_CACHE = "nothing"  # among the CACHES: the menus of a draft are neither kept nor taken from what was kept
PREVIEWS: dict[type[models.Model], tuple[str, Callable[..., dict[str, Any]]]] = {
    Page: ("pages/page.html", selectors.with_page),
    NewsItem: ("pages/news_item.html", selectors.with_news_item),
}


def can_preview(model: type[models.Model]) -> bool:
    return model in PREVIEWS


def link(version: Version) -> str:
    return reverse("pages:preview", kwargs={"token": signing.dumps(version.pk, salt=PREVIEW_SALT, compress=True)})


def previewed_version(token: str) -> Version:
    """Raises Http404 for a link that is wrong or too old."""
    try:
        key = signing.loads(token, salt=PREVIEW_SALT, max_age=LINK_SECONDS)
        return Version.objects.get(pk=key)
    except (signing.BadSignature, Version.DoesNotExist):
        raise Http404 from None


def render_preview(version: Version, request: HttpRequest) -> str:
    """Render the page as it would be, from objects in memory; what visitors see all the while stays as it is."""
    try:
        revision = history.as_object(version)
    except ValidationError:
        raise Http404 from None
    template, context = PREVIEWS[type(revision.content)]
    path, names_senate = revision.content.get_absolute_url(), SiteSettings.load().names_senate
    shown = menus(path, names_senate=names_senate, draft=revision.content)
    around = {"preview_of": version, "menu": shown["header"], "footer_links": shown["footer"], "fragments": NO_CACHE}
    return render_to_string(template, context(revision.content, **revision.parts) | around, request)
