"""Pages and news. The address of a page comes last: it matches whatever nothing else does."""

from django.urls import path, re_path, register_converter

from pages.contact import views as contact
from pages.content import views


class PagePath:
    """Slugs joined by slashes, so that no other text ever reaches the database."""

    regex = r"[-a-zA-Z0-9_]+(?:/[-a-zA-Z0-9_]+)*"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(PagePath, "page_path")

app_name = "pages"
urlpatterns = [
    path("", views.home, name="home"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    re_path(r"^sitemap-(?P<name>[a-z]+)-(?P<number>[1-9][0-9]{0,4})\.xml$", views.sitemap_part, name="sitemap-part"),
    path("safety/", views.safety, name="safety"),
    path("contact/write/", contact.contact, name="contact"),
    path("contact/sent/", contact.message_sent, name="contact-sent"),
    path("search/", views.search, name="search"),
    path("news/", views.news, name="news"),
    path("news/feed.xml", views.news_feed, name="news-feed"),
    path("news/<slug:slug>/", views.news_item, name="news-item"),
    path("news/<slug:slug>/picture.png", views.news_picture, name="news-picture"),
    path("how-you-can-help/<slug:slug>/", views.audience, name="audience"),
    path("preview/<str:token>/", views.preview, name="preview"),
    path("<page_path:path>/", views.page, name="page"),
]
