"""The weekly digest: an issue that the site writes from the news, in each language from what its readers can read.

It is announced like any other, to all who may send and with a link that stops it, a day before it goes out.
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from campaign.database import clock
from campaign.revisions import history
from campaign.staff.dual_control import mails
from pages.content import checks
from pages.models import Issue, NewsItem, WeeklyDigest
from pages.newsletter import composing, sending

LONGEST_SUBJECT = 150
Text = dict[str, str]  # subject and body, as a translation has them


@transaction.atomic
def write_if_due() -> Issue | None:
    """Write and announce the digest if its time has come; return None if it has not, or if there is no news."""
    now, plan = clock.now(), WeeklyDigest.locked()
    if plan is None or (goes_out := plan.due(now)) is None:
        return None
    plan.looked_at = now
    plan.save()
    texts = texts_by_language()
    return announce(write(texts), goes_out) if texts else None


def texts_by_language() -> dict[str, Text]:
    """Return the texts of the languages whose readers can read something that has appeared since the last issue."""
    found = {}
    for language, _name in settings.LANGUAGES:
        if items := composing.news_since_last(language):
            with translation.override(language):
                found[language] = text_of(items)
    return found


def text_of(items: list[NewsItem]) -> Text:
    body = composing.body(items, read_on=_("Read more"))
    return {"subject": Truncator(items[0].local.title).chars(LONGEST_SUBJECT), "body": body}


def write(texts: dict[str, Text]) -> Issue:
    """Store the issue; it goes to readers of these languages alone, so nobody gets a text that they cannot read."""
    first = next(iter(texts.values()))  # stands for the original, and is read by nobody if that is not among them
    others = {language: text for language, text in texts.items() if language != settings.LANGUAGE_CODE}
    return Issue.objects.create(**first, translations=others, only_in=list(texts))


def announce(issue: Issue, goes_out: datetime) -> Issue:
    """Announce it; one in which something is wrong stays a draft, and all who may send are told."""
    history.record(issue, by=None)
    if any(remark.is_fault for remark in checks.remarks(issue)):
        mails.announce("faulty", issue, by="")
    else:
        sending.schedule(issue, send_at=goes_out, by=None)
    return issue
