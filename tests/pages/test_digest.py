"""The weekly digest is written by the clock from the news in each language, and a click stops it in the day before."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from campaign.database import clock
from campaign.staff.accounts import address_verification
from pages import tasks
from pages.models import Issue, NewsItem, WeeklyDigest
from pages.models.digest import NOTICE
from pages.newsletter import digest, sending
from tests.pages.factories import make_news_item
from tests.pages.test_newsletter import make_issue, make_subscribers, recipients

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender() -> User:
    person = User.objects.create_superuser("mo", "mo@example.org", "a-password-of-the-tests")
    address_verification.mark_verified(person)
    return person


@pytest.fixture
def plan() -> WeeklyDigest:
    """It goes out in a day, or up to an hour less, and was written last a week ago."""
    goes_out = clock.now() + NOTICE
    WeeklyDigest(is_on=True, weekday=goes_out.weekday(), hour=goes_out.hour).save()
    WeeklyDigest.objects.update(looked_at=clock.now() - timedelta(days=7))
    return WeeklyDigest.objects.get()


def in_german(title: str) -> dict[str, Any]:
    return {"translations": {"de": {"title": title, "summary": "Kurz."}}}


def go_off() -> int:
    """As if its time had come."""
    Issue.objects.filter(state="scheduled").update(send_at=timezone.now() - timedelta(seconds=1))
    return sending.start_due()


def subjects() -> dict[str, str]:
    return {message.to[0]: str(message.subject) for message in mail.outbox}


def test_it_is_off_until_staff_switch_it_on():
    make_news_item()
    tasks.write_digest()
    WeeklyDigest(weekday=clock.now().weekday()).save()
    tasks.write_digest()
    assert not Issue.objects.exists()


def test_it_goes_out_at_its_hour_to_whoever_can_read_it_in_their_language(plan, outbox_drained):
    make_subscribers("en")
    make_subscribers("de", language="de")
    make_subscribers("fr", language="fr")
    make_news_item(slug="a", title="Only in English")
    make_news_item(slug="b", title="In both", **in_german("In beiden"))
    issue = digest.write_if_due()
    assert issue is not None
    assert (issue.state, issue.send_at) == ("scheduled", plan.goes_out_after(clock.now() + NOTICE - timedelta(hours=1)))
    outbox_drained()
    assert recipients() == []
    assert go_off() == 1
    outbox_drained()
    assert subjects() == {"en@example.org": "In both", "de@example.org": "In beiden"}
    texts = {message.to[0]: message.body for message in mail.outbox}
    assert "Only in English" in texts["en@example.org"]
    assert "Only in English" not in texts["de@example.org"]
    assert "Mehr lesen <http://testserver/de/news/b/>" in texts["de@example.org"]


def test_news_in_another_language_alone_goes_to_its_readers_alone(plan, outbox_drained):
    make_subscribers("en")
    make_subscribers("de", language="de")
    make_news_item(language="de", title="Nur deutsch")
    digest.write_if_due()
    go_off()
    outbox_drained()
    assert subjects() == {"de@example.org": "Nur deutsch"}


def test_without_news_since_the_last_issue_nothing_is_written(plan):
    make_news_item()
    Issue.objects.filter(pk=make_issue().pk).update(state="sent")
    assert digest.write_if_due() is None
    assert Issue.objects.count() == 1


def test_a_week_has_one(plan):
    make_news_item()
    assert digest.write_if_due()
    assert digest.write_if_due() is None


def test_all_who_may_send_get_it_to_read_a_day_before_and_one_click_stops_it(plan, sender, client, outbox_drained):
    make_subscribers("a")
    make_news_item(title="A hearing", summary="It was long.")
    issue = digest.write_if_due()
    assert issue is not None
    outbox_drained()
    (notice,) = mail.outbox
    assert notice.to == ["mo@example.org"]
    assert "weekly digest" in notice.body
    assert "A hearing\n\nIt was long." in notice.body
    stop = next(line for line in notice.body.splitlines() if "/stop/" in line).removeprefix("http://testserver")
    client.post(stop)
    issue.refresh_from_db()
    assert (issue.state, issue.send_at) == ("draft", None)
    assert go_off() == 0


def test_a_text_with_a_placeholder_stays_a_draft_and_all_who_may_send_are_told(plan, sender, outbox_drained):
    make_news_item(title="A hearing", summary="On [DATE] it was heard. TODO")
    issue = digest.write_if_due()
    assert issue is not None
    assert issue.state == "draft"
    outbox_drained()
    assert ["stays a draft" in message.body for message in mail.outbox] == [True]


def test_what_was_missed_while_it_was_off_is_not_made_up_for():
    make_news_item()
    day = clock.now() - timedelta(hours=2)
    WeeklyDigest(is_on=True, weekday=day.weekday(), hour=day.hour).save()
    assert digest.write_if_due() is None


def test_after_an_outage_staff_have_a_day_to_stop_it_all_the_same(plan):
    now = plan.goes_out_after(clock.now() + NOTICE - timedelta(hours=1)) - NOTICE
    assert plan.due(now + timedelta(minutes=10)) == now + NOTICE
    assert plan.due(now + timedelta(hours=5)) == now + timedelta(hours=5) + NOTICE
    plan.looked_at = now - timedelta(days=6)
    assert plan.due(now - timedelta(minutes=1)) is None
    plan.looked_at = now - timedelta(days=8)  # nobody looked last week
    assert plan.due(now - timedelta(minutes=1)) == now - timedelta(minutes=1) + NOTICE


def test_staff_who_may_send_choose_day_and_hour(client, sender):
    client.force_login(sender)
    page = reverse("admin:pages_weeklydigest_add")
    assert client.post(page, {"is_on": "on", "weekday": "2", "hour": "24"}).status_code == 200
    assert client.post(page, {"is_on": "on", "weekday": "2", "hour": "9"}).status_code == 302
    chosen = WeeklyDigest.objects.get()
    assert (chosen.is_on, chosen.weekday, chosen.hour) == (True, 2, 9)
    assert client.get(page).status_code == 403


def test_the_moment_of_appearing_decides_also_on_the_day_of_the_last_issue(plan):
    Issue.objects.filter(pk=make_issue().pk).update(state="sent")
    make_news_item(title="Hours later", slug="later")
    NewsItem.objects.update(appeared_at=timezone.now() + timedelta(seconds=1))
    assert NewsItem.objects.published().exists()
    issue = digest.write_if_due()
    assert issue is not None
    assert issue.subject == "Hours later"
