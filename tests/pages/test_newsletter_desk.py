"""What staff do with an issue of the newsletter (pages/admin/newsletter.py, issue_views.py)."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from campaign.outbox import queue
from campaign.supporters.models import Segment
from campaign.supporters.subscriptions import JOIN
from pages.models import Issue
from pages.models.newsletter import IssueState
from pages.newsletter import sending
from tests.pages.factories import make_news_item, make_staff
from tests.pages.test_newsletter import as_saved, make_issue, make_subscribers, recipients

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    client.force_login(make_staff())
    return client


def do(client: Any, issue: Issue, name: str, **data: str) -> str:
    act = reverse("admin:pages_issue_act", args=[issue.pk, name])
    return client.post(act, as_saved(issue) | data, follow=True).content.decode()


def test_staff_compose_look_test_and_send(staff, outbox_drained):
    make_subscribers("a", "b")
    make_news_item("one", title="One thing")
    answer = staff.post(reverse("admin:pages_issue_compose"), follow=True).content.decode()
    issue = Issue.objects.get()
    assert "Yes, send it to 2 subscribers" in answer
    assert "One thing" in staff.get(reverse("admin:pages_issue_preview", args=[issue.pk])).content.decode()
    do(staff, issue, "test")
    outbox_drained()
    assert recipients() == ["staff@example.org"]
    assert "Tick the box" in do(staff, issue, "start")
    assert "being sent to 2 subscribers" in do(staff, issue, "start", is_sure="on")
    outbox_drained()
    assert len(recipients()) == 3
    page = staff.get(reverse("admin:pages_issue_change", args=[issue.pk])).content.decode()
    assert "Nobody is tracked" in page


def page_of(staff: Any, issue: Issue) -> str:
    return staff.get(reverse("admin:pages_issue_change", args=[issue.pk])).content.decode()


def test_who_has_no_text_in_their_language_is_counted_before_it_is_sent(staff, outbox_drained):
    make_subscribers("a", "b", language="de")
    make_subscribers("c", language="fr")
    issue = make_issue()
    page = page_of(staff, issue)
    assert "get it in English: 3." in page
    assert f'<a href="{reverse("admin:pages_issue_translations", args=[issue.pk])}">Translations</a>' in page
    assert '<option value="" selected>All subscribers</option>' in page
    issue.translations = {"de": {"subject": "Neues", "body": "<p>Text</p>"}}
    issue.save()
    page = page_of(staff, issue)
    assert "get it in English: 1." in page
    assert '<option value="de">' in page


def test_what_was_sent_is_shown_as_people_read_it(staff):
    issue = make_issue()
    assert "text_as_sent" not in page_of(staff, issue)
    sending.start(issue, by=None)
    assert "<h2>One</h2>" in page_of(staff, issue)


def test_staff_schedule_pause_resume_and_stop(staff):
    issue = make_issue()
    assert "Choose a day and a time to come" in do(staff, issue, "schedule", send_at="2001-01-01T10:00")
    assert "Choose a day and a time to come" in do(staff, issue, "schedule", send_at="9999-99-99T99:99")
    assert "until it goes out: Jan. 1, 2999" in do(staff, issue, "schedule", send_at="2999-01-01T10:00")
    assert "a draft again" in do(staff, issue, "unschedule")
    do(staff, issue, "start", is_sure="on")
    assert "Paused" in do(staff, issue, "pause")
    assert "being sent again" in do(staff, issue, "resume")
    assert "Tick the box" in do(staff, issue, "stop")
    assert "Stopped" in do(staff, issue, "stop", is_sure="on")
    assert "Somebody was faster" in do(staff, issue, "stop", is_sure="on")


def test_what_was_sent_keeps_its_history_to_be_read(staff):
    issue = make_issue()
    staff.post(reverse("admin:pages_issue_change", args=[issue.pk]), {"subject": "Two", "body": "<p>Words</p>"})
    sending.start(issue, by=None)
    shown = page_of(staff, issue)
    assert "translations/" not in shown
    history = staff.get(reverse("admin:pages_issue_history", args=[issue.pk]))
    assert (history.status_code, b"Bring back" in history.content) == (200, False)
    assert staff.get(reverse("admin:pages_issue_version_differences", args=[issue.pk, 1])).status_code == 200
    assert staff.post(reverse("admin:pages_issue_version_publish", args=[issue.pk, 1])).status_code == 403


def test_a_stop_can_be_undone_for_those_who_did_not_get_it(staff):
    make_subscribers("a")
    issue = make_issue()
    do(staff, issue, "start", is_sure="on")
    do(staff, issue, "stop", is_sure="on")
    assert "Send it after all, to those who did not get it: 1" in page_of(staff, issue)
    assert "being sent again" in do(staff, issue, "resume")
    issue.refresh_from_db()
    assert (issue.state, issue.ended_at) == (IssueState.SENDING, None)


def test_what_is_going_out_cannot_be_edited_or_deleted(staff):
    issue = make_issue()
    sending.start(issue, by=None)
    staff.post(reverse("admin:pages_issue_change", args=[issue.pk]), {"subject": "Else", "body": "x"})
    staff.post(reverse("admin:pages_issue_delete", args=[issue.pk]), {"post": "yes"})
    assert Issue.objects.get().subject == "News"


@pytest.mark.parametrize("name", ["start", "nonsense"])
def test_opening_a_link_sends_nothing(staff, name):
    issue = make_issue()
    assert staff.get(reverse("admin:pages_issue_act", args=[issue.pk, name])).status_code == 404
    assert Issue.objects.get().state == "draft"


def test_sending_needs_its_own_permission(client):
    user = make_staff()
    user.is_superuser = False
    user.save()
    client.force_login(user)
    assert client.post(reverse("admin:pages_issue_act", args=[make_issue().pk, "start"])).status_code == 403


@pytest.mark.parametrize("name", ["start", "schedule"])
def test_what_was_typed_or_chosen_and_not_saved_is_not_sent_and_stands_there_still(staff, name):
    make_subscribers(*"abcdefghij", language="de")
    make_subscribers("k")
    issue, germans = make_issue(), Segment.objects.create(name="Germans", language="de")
    sure = {"is_sure": "on", "send_at": "2999-01-01T10:00"}
    chosen = do(staff, issue, name, **sure, segment=str(germans.pk))
    assert "Nothing was sent: what stands here is not what is saved." in chosen
    assert f'<option value="{germans.pk}" selected>Germans</option>' in chosen
    assert 'value="Else"' in do(staff, issue, name, **sure, subject="Else")
    issue.refresh_from_db()
    assert (issue.state, issue.segment, issue.subject) == (IssueState.DRAFT, None, "News")


def test_what_somebody_else_has_saved_meanwhile_is_not_sent_unseen(staff):
    make_subscribers(*"abcdefghij", language="de")
    issue = make_issue()
    Issue.objects.update(segment=Segment.objects.create(name="Germans", language="de"))
    assert "Nothing was sent" in do(staff, issue, "start", is_sure="on")
    assert Issue.objects.get().state == IssueState.DRAFT


def test_the_box_says_to_whom_it_goes_and_who_does_not_get_it_yet(staff):
    make_subscribers(*"abcdefghij", language="de")
    for number in range(10):
        queue.put(JOIN, payload={"number": number}, due_at=timezone.now() + timedelta(days=7))
    issue = make_issue(segment=Segment.objects.create(name="Germans", language="de"))
    page = " ".join(page_of(staff, issue).split())
    assert "Yes, send it to 10 subscribers: the subscribers in “Germans”" in page
    assert "Waiting to join: 10." in page
    queue.take(JOIN, most=1)
    assert "Waiting to join" not in page_of(staff, issue)
