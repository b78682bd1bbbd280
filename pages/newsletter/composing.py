"""Draft a new issue from the news since the last one."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from campaign.revisions import history
from campaign.web.links import absolute
from pages.models import Issue, NewsItem

MOST_NEWS = 10


@transaction.atomic
def compose_issue(*, by: User | None) -> Issue:
    today = formats.date_format(timezone.localdate(), "DATE_FORMAT")
    issue = Issue.objects.create(subject=f"News of {today}", body=body(news_since_last()))
    history.record(issue, by=by)
    return issue


def news_since_last() -> list[NewsItem]:
    items = NewsItem.objects.published().newest()
    if last := Issue.objects.begun().first():
        items = items.filter(published_on__gt=last.created_at.date())
    return list(items[:MOST_NEWS])


def body(items: list[NewsItem]) -> SafeString:
    template = '<h2>{}</h2><p>{}</p><p><a href="{}">{}</a></p>'
    rows = ((item.local.title, item.local.summary, address_of_item(item), "Read on") for item in items)
    return format_html_join("", template, rows) if items else format_html("<p>{}</p>", "Write the news here.")


def address_of_item(item: NewsItem) -> str:
    return absolute(item.get_absolute_url())
