"""A new issue, drafted from the news since the last one."""

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pages import history
from pages.models import Issue, NewsItem

MOST = 10


@transaction.atomic
def compose(*, by: User | None) -> Issue:
    today = formats.date_format(timezone.localdate(), "DATE_FORMAT")
    issue = Issue.objects.create(subject=_("News of %(date)s") % {"date": today}, body=body(news_since_last()))
    history.record(issue, by=by)
    return issue


def news_since_last() -> list[NewsItem]:
    items = NewsItem.objects.published().newest()
    if last := Issue.objects.begun().first():
        items = items.filter(published_on__gt=last.created_at.date())
    return list(items[:MOST])


def body(items: list[NewsItem]) -> SafeString:
    template = '<h2>{}</h2><p>{}</p><p><a href="{}">{}</a></p>'
    rows = ((item.local.title, item.local.summary, address(item), _("Read on")) for item in items)
    return format_html_join("", template, rows) if items else format_html("<p>{}</p>", _("Write the news here."))


def address(item: NewsItem) -> str:
    return settings.SITE_URL + item.get_absolute_url()
