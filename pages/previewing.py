"""Looking at a draft before visitors do: a link that colleagues can open without an account, for a week."""

from collections.abc import Callable
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import Http404, HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from pages import contents, history
from pages.models import NewsItem, Page, Version

SALT = "pages.preview"
LIFETIME = 7 * 24 * 3600  # seconds
SHOWN: dict[type[models.Model], tuple[str, Callable[[Any], dict[str, Any]]]] = {
    Page: ("pages/page.html", contents.with_page),
    NewsItem: ("pages/news_item.html", contents.with_news_item),
}


def can_preview(content: models.Model) -> bool:
    return type(content) in SHOWN


def link(version: Version) -> str:
    return reverse("pages:preview", kwargs={"token": signing.dumps(version.pk, salt=SALT, compress=True)})


def opened(token: str) -> Version:
    """Raises Http404 for a link that is wrong or too old."""
    try:
        key = signing.loads(token, salt=SALT, max_age=LIFETIME)
        return Version.objects.get(pk=key)
    except (signing.BadSignature, Version.DoesNotExist):
        raise Http404 from None


@transaction.atomic
def preview(version: Version, request: HttpRequest) -> str:
    """The page as it would be. The version is brought back inside a transaction that is then undone."""
    try:
        content: Any = history.apply(version)
    except ValidationError:
        raise Http404 from None
    template, context = SHOWN[type(content)]
    html = render_to_string(template, context(content) | {"preview_of": version}, request)
    transaction.set_rollback(True)
    return html
