"""Template tags for what machines read of a page (schema.org, as JSON-LD): no more than what the page shows.

A script element of the type `application/ld+json` is data: browsers do not run it, and the Content-Security-Policy does
not apply to it.
"""

from collections.abc import Iterable
from itertools import batched
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from campaign.web.links import absolute
from pages.models import NewsItem, Page, SiteSettings

register = template.Library()

HARMLESS = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}
JSON_LD = DjangoJSONEncoder(ensure_ascii=False)
Data = dict[str, Any]


def script(data: Data) -> SafeString:
    text = JSON_LD.encode({"@context": "https://schema.org", **data}).translate(HARMLESS)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308  # no <, > or & is left in it


@register.simple_tag
def organisation_data(site: SiteSettings) -> SafeString:
    return script(organisation(site))


@register.simple_tag
def article_data(item: NewsItem, site: SiteSettings) -> SafeString:
    address = absolute(item.get_absolute_url())
    picture = item.social_picture.card if item.social_picture else reverse("pages:news-picture", args=[item.slug])
    data = {
        "@type": "NewsArticle",
        "headline": item.local.title,
        "description": item.local.summary,
        **({"datePublished": item.published_on.isoformat()} if item.published_on else {}),
        "dateModified": item.updated_at.isoformat(),
        "inLanguage": item.local.language,
        "image": absolute(picture),
        "url": address,
        "mainEntityOfPage": address,
    }
    return script(data | {"author": organisation(site), "publisher": organisation(site)})


@register.simple_tag
def trail_data(above: Iterable[Page] | None, *words: str) -> SafeString:
    """Render the breadcrumbs from the home page to this one: the pages above, then `words`, names and paths in turn."""
    over = [(page.local.title, page.get_absolute_url()) for page in above or ()]
    steps = [(_("Home"), reverse("pages:home")), *over, *batched(words, 2)]
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": absolute(url)}
        for place, (name, url) in enumerate(steps, start=1)
    ]
    return script({"@type": "BreadcrumbList", "itemListElement": items})


def organisation(site: SiteSettings) -> Data:
    data = {
        "@type": "Organization",
        "name": site.local.name,
        "url": absolute(reverse("pages:home")),
        "description": site.local.introduction,
        "logo": absolute(site.logo.src) if site.logo else "",
        "email": site.contact_email,
        "sameAs": [account.url for account in site.accounts.all()] if site.pk else [],
    }
    return {name: value for name, value in data.items() if value}
