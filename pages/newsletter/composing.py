"""Draft a new issue from the news since the last one."""

from itertools import islice

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import formats, timezone, translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from campaign.revisions import history
from campaign.web.languages import readable_languages
from campaign.web.links import absolute
from pages.models import Issue, NewsItem
from pages.publishing.translatable import read_together

MOST_NEWS = 10


@transaction.atomic
def compose_issue(*, by: User | None) -> Issue:
    """Write it in the site's first language, whichever the staff member reads."""
    with translation.override(settings.LANGUAGE_CODE):
        today = formats.date_format(timezone.localdate(), "DATE_FORMAT")
        issue = Issue.objects.create(subject=f"News of {today}", body=body(news_since_last()))
    history.record(issue, by=by)
    return issue


def news_since_last(language: str = settings.LANGUAGE_CODE) -> list[NewsItem]:
    """Return the newest that have appeared since the last issue to all, and that readers of `language` can read."""
    items = NewsItem.objects.published().newest().prefetch_related(*NewsItem.read_with)
    if last := Issue.objects.begun().filter(segment=None).first():
        items = items.appeared_since(last.created_at)
    known = readable_languages(language)
    readable = (item for item in items.iterator(chunk_size=100) if item.language_for(language) in known)
    return list(islice(readable, MOST_NEWS))


def body(items: list[NewsItem], *, read_on: str = "Read on") -> SafeString:
    """Return the text in the active language."""
    for item in items:
        read_together(item.rows_of_text())
    template = '<h2>{}</h2><p>{}</p><p><a href="{}">{}</a></p>'
    rows = ((item.local.title, item.local.summary, address_of_item(item), read_on) for item in items)
    return format_html_join("", template, rows) if items else format_html("<p>{}</p>", "Write the news here.")


def address_of_item(item: NewsItem) -> str:
    return absolute(item.get_absolute_url())
