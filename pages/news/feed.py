"""The news as an Atom feed."""

from datetime import UTC, datetime, time

from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from campaign.protection.inputs.line_breaks import fold_line, fold_lines
from campaign.web.links import absolute
from pages.models import NewsItem, SiteSettings

LENGTH = 20


class NewsFeed(Feed):
    """The newest items, in the active language. Readers know feed and items by their addresses, which are their ids."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest) -> SiteSettings:
        return SiteSettings.load()

    def title(self, site: SiteSettings) -> str:
        return fold_line(_("News from %(site)s") % {"site": site.local.name})

    def subtitle(self, site: SiteSettings) -> str | None:
        return fold_line(site.local.strapline) or None

    def link(self) -> str:
        return absolute(reverse("pages:news"))

    def feed_url(self) -> str:
        return absolute(reverse("pages:news-feed"))

    def author_name(self, site: SiteSettings) -> str:
        return fold_line(site.local.name)

    def author_link(self) -> str:
        return absolute(reverse("pages:home"))

    def items(self) -> QuerySet[NewsItem]:
        return NewsItem.objects.published().newest()[:LENGTH]

    def item_title(self, item: NewsItem) -> str:
        return fold_line(item.local.title)

    def item_description(self, item: NewsItem) -> str:
        return fold_lines(item.local.summary)

    def item_link(self, item: NewsItem) -> str:
        return absolute(item.get_absolute_url())

    def item_pubdate(self, item: NewsItem) -> datetime:
        return datetime.combine(item.published_on or item.created_at.date(), time(), UTC)

    def item_updateddate(self, item: NewsItem) -> datetime:
        return item.updated_at

    def item_categories(self, item: NewsItem) -> list[str]:
        return [item.get_category_display()]
