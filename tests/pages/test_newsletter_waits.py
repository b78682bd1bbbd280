"""An issue of the newsletter waits before it goes to all, and anybody who may send stops it (dual_control)."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaign.audit.models import Entry
from campaign.outbox.models import Item
from campaign.staff.accounts import address_verification
from campaign.staff.dual_control import mails
from campaign.staff.dual_control.stop_links import StopLink
from pages.models import Issue
from pages.newsletter import sending
from tests.pages.factories import make_staff
from tests.pages.test_newsletter import as_saved, make_issue, make_subscribers, recipients
from tests.race import race

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def half_an_hour(settings: Any) -> None:
    settings.NEWSLETTER_WAIT_MINUTES = 30


@pytest.fixture
def by() -> User:
    return make_staff()


@pytest.fixture
def third() -> User:
    person = User.objects.create_superuser("third", "third@example.org", "a-password-of-the-tests")
    address_verification.mark_verified(person)
    return person


@pytest.fixture
def issue(by: User, third: User) -> Issue:
    """Announced; it waits."""
    make_subscribers("a")
    issue = make_issue()
    sending.schedule(issue, by=by)
    return issue


def stop_path(issue: Issue, third: User) -> str:
    return StopLink.to(issue, account=third.pk).url().removeprefix("http://testserver")


def do(user: User, issue: Issue, name: str, **data: str) -> str:
    client = Client()
    client.force_login(user)
    page = reverse("admin:pages_issue_act", args=[issue.pk, name])
    return client.post(page, as_saved(issue) | data, follow=True).content.decode()


def told(event: str) -> set[str]:
    items = Item.objects.filter(kind=mails.NOTICE, payload__event=event)
    return {item.secret["address"] for item in items}


def go_off() -> int:
    """As if its time had come."""
    Issue.objects.filter(state="scheduled").update(send_at=Now())
    return sending.start_due()


def test_one_person_alone_sends_nothing_before_the_others_are_told(by, third, outbox_drained):
    make_subscribers("a")
    issue = make_issue()
    assert "until it goes out" in do(by, issue, "start", is_sure="on")
    assert sending.start_due() == 0
    assert told("approved") == {"staff@example.org", "third@example.org"}
    outbox_drained()
    assert set(recipients()) == {"staff@example.org", "third@example.org"}


def test_after_the_time_it_goes_out(issue, outbox_drained):
    assert go_off() == 1
    outbox_drained()
    assert "a@example.org" in recipients()


def test_a_time_that_was_chosen_is_no_sooner(by):
    issue = make_issue()
    do(by, issue, "schedule", send_at=(timezone.now() + timedelta(minutes=2)).strftime("%Y-%m-%dT%H:%M"))
    assert Issue.objects.filter(send_at__gt=timezone.now() + timedelta(minutes=29)).exists()


def test_the_notice_says_who_and_what_and_its_link_stops(issue, third, client, outbox_drained, mailoutbox):
    outbox_drained()
    (notice,) = [message for message in mailoutbox if message.to == ["third@example.org"]]
    assert "staff sends the newsletter “News” to all subscribers" in " ".join(notice.body.split())
    path = stop_path(issue, third)
    assert path in notice.body
    assert client.get(path).status_code == 200
    assert Issue.objects.get().state == "scheduled"
    assert "third stopped it" in client.post(path).content.decode()
    assert (Issue.objects.get().state, go_off()) == ("draft", 0)
    assert told("stopped") == {"staff@example.org", "third@example.org"}
    assert Entry.objects.filter(act="issue.stopped", who="third", details__way="link").exists()


def test_a_third_stops_it_in_the_admin(issue, third):
    assert "a draft again" in do(third, issue, "unschedule")
    assert (Issue.objects.get().state, go_off()) == ("draft", 0)
    assert Entry.objects.filter(act="issue.stopped", who="third").exists()


def test_a_link_that_was_used_stops_no_later_sending(issue, third, by, client):
    path = stop_path(issue, third)
    assert [client.post(path).status_code, client.post(path).status_code] == [200, 200]
    sending.schedule(Issue.objects.get(), by=by)
    assert client.post(path).status_code == 404
    assert Issue.objects.get().state == "scheduled"


def test_a_link_ends_when_it_goes_out(issue, third, client):
    path = stop_path(issue, third)
    go_off()
    assert [client.get(path).status_code, client.post(path).status_code] == [404, 404]
    assert Issue.objects.get().state == "sending"


def test_while_it_waits_its_text_stays(issue, by):
    client = Client()
    client.force_login(by)
    client.post(reverse("admin:pages_issue_change", args=[issue.pk]), {"subject": "Else", "body": "x"})
    assert Issue.objects.get().subject == "News"


@pytest.mark.parametrize("change", [{"body": "<p>Else</p>"}, {"translations": {"de": {"subject": "Anderes"}}}])
def test_a_text_that_was_changed_in_another_way_does_not_go_out(issue, change):
    Issue.objects.update(**change)
    assert go_off() == 0
    assert Issue.objects.get().state == "draft"
    assert told("stopped") == {"staff@example.org", "third@example.org"}


def test_what_an_older_release_scheduled_goes_out(issue):
    Issue.objects.update(announced_text=None)
    assert go_off() == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_stopped_at_the_same_moment_does_not_go_out(transactional_db):
    by = make_staff()
    issue = make_issue()
    sending.schedule(issue, by=by)
    Issue.objects.update(send_at=Now())
    stopped, begun = race(lambda: sending.unschedule(issue, by=by), sending.start_due, after="FOR UPDATE")
    assert stopped.exception() is None
    assert begun.result() == 0
    assert Issue.objects.get().state == "draft"
