from pages.models.actions import Action, Audience, Example, Source
from pages.models.digest import WeeklyDigest
from pages.models.media import Document, Film, Picture
from pages.models.news import Cosigner, NewsBlock, NewsItem
from pages.models.newsletter import Dispatch, Issue
from pages.models.page import Page, PageBlock
from pages.models.redirect import Redirect
from pages.models.search import SearchText
from pages.models.site import SiteSettings, SocialAccount
from pages.models.timeline import TimelineEntry

__all__ = [
    "Action",
    "Audience",
    "Cosigner",
    "Dispatch",
    "Document",
    "Example",
    "Film",
    "Issue",
    "NewsBlock",
    "NewsItem",
    "Page",
    "PageBlock",
    "Picture",
    "Redirect",
    "SearchText",
    "SiteSettings",
    "SocialAccount",
    "Source",
    "TimelineEntry",
    "WeeklyDigest",
]
