"""The admin of pages, action lists, timeline, news, newsletter, library and the settings of the site."""

from pages.admin.actions import ActionAdmin, AudienceAdmin
from pages.admin.media import DocumentAdmin, PictureAdmin
from pages.admin.news import NewsItemAdmin
from pages.admin.newsletter import IssueAdmin, WeeklyDigestAdmin
from pages.admin.pages import PageAdmin
from pages.admin.redirects import RedirectAdmin
from pages.admin.site import SiteSettingsAdmin
from pages.admin.timeline import TimelineEntryAdmin

__all__ = [
    "ActionAdmin",
    "AudienceAdmin",
    "DocumentAdmin",
    "IssueAdmin",
    "NewsItemAdmin",
    "PageAdmin",
    "PictureAdmin",
    "RedirectAdmin",
    "SiteSettingsAdmin",
    "TimelineEntryAdmin",
    "WeeklyDigestAdmin",
]
