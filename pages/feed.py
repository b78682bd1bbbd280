"""The news as an Atom feed."""

from datetime import UTC, datetime, time

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pages.models import NewsItem, SiteSettings

LENGTH = 20


def atom() -> str:
    """The newest items, in the active language."""
    site = SiteSettings.load()
    feed = Atom1Feed(
        title=_("News of %(site)s") % {"site": site.local.name},
        link=absolute(reverse("pages:news")),
        description=site.local.strapline,
        language=get_language(),
        feed_url=absolute(reverse("pages:news-feed")),
    )
    for item in NewsItem.objects.published().newest()[:LENGTH]:
        add(feed, item)
    return feed.writeString("utf-8")


def add(feed: Atom1Feed, item: NewsItem) -> None:
    link = absolute(item.get_absolute_url())
    feed.add_item(
        title=item.local.title,
        link=link,
        description=item.local.summary,
        unique_id=link,
        pubdate=datetime.combine(item.published_on, time(), UTC),
        updateddate=item.updated_at,
        categories=[item.get_category_display()],
    )


def absolute(path: str) -> str:
    return settings.SITE_URL + path
