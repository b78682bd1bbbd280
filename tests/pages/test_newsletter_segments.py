"""An issue of the newsletter goes to a segment, and tells what became of its subscribers since."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db.models.functions import Now

from campaign.outbox.suppressions import Cause
from campaign.supporters.models import Segment, Subscriber
from campaign.supporters.provider_reports.suppress import suppress
from pages.models import Issue
from pages.models.newsletter import IssueState, TooFewRecipients
from pages.newsletter import sending
from tests.pages.factories import make_staff
from tests.pages.test_newsletter import as_saved, make_issue, make_subscribers, recipients

pytestmark = pytest.mark.django_db
GERMANS = [f"d{number}" for number in range(10)]


@pytest.fixture
def segment() -> Segment:
    make_subscribers(*GERMANS, language="de")
    make_subscribers("en1", "en2")
    return Segment.objects.create(name="German", language="de")


@pytest.fixture
def staff(client):
    client.force_login(make_staff())
    return client


def page_of(staff, issue: Issue) -> str:
    return " ".join(staff.get(f"/admin/pages/issue/{issue.pk}/change/").content.decode().split())


def leave(language: str) -> None:
    one = Subscriber.objects.confirmed().filter(language=language).order_by("pk")[:1]
    Subscriber.objects.filter(pk__in=[row.pk for row in one]).unsubscribe()


def test_it_goes_to_those_in_the_segment_alone(segment, staff, outbox_drained):
    issue = make_issue(segment=segment)
    assert "Yes, send it to 10 subscribers" in page_of(staff, issue)
    assert sending.start(issue, by=None) == 10
    outbox_drained()
    assert recipients() == sorted(f"{name}@example.org" for name in GERMANS)


def test_none_of_fewer_than_ten_is_sent_to_and_its_number_is_not_told(segment, staff):
    issue = make_issue(segment=segment)
    leave("de")
    shown = page_of(staff, issue)
    assert "has fewer than ten subscribers now" in shown
    assert "9 subscribers" not in shown
    for button in ("start", "schedule"):
        data = as_saved(issue) | {"is_sure": "on", "send_at": "2999-01-01T10:00"}
        answer = staff.post(f"/admin/pages/issue/{issue.pk}/do/{button}/", data, follow=True)
        assert "no issue goes to so few" in answer.content.decode()
    with pytest.raises(TooFewRecipients):
        sending.start(issue, by=None)
    issue.refresh_from_db()
    assert (issue.state, issue.dispatches.count()) == (IssueState.DRAFT, 0)


def due(issue: Issue) -> None:
    Issue.objects.filter(pk=issue.pk).update(send_at=Now())


def test_one_that_waits_becomes_a_draft_if_its_segment_shrinks_below_ten(segment, outbox_drained):
    issue = make_issue(segment=segment)
    sending.schedule(issue, by=make_staff())
    leave("de")
    due(issue)
    assert sending.start_due() == 0
    issue.refresh_from_db()
    assert (issue.state, issue.dispatches.count()) == (IssueState.DRAFT, 0)
    outbox_drained()
    assert any("has stopped this" in str(message.body) for message in mail.outbox)


def test_one_that_waits_becomes_a_draft_if_its_segment_is_another(segment):
    issue = make_issue(segment=segment)
    sending.schedule(issue, by=make_staff())
    assert "to the subscribers in “German”" in issue.summary
    Segment.objects.filter(pk=segment.pk).update(language="en")
    due(issue)
    assert sending.start_due() == 0


def test_one_without_a_segment_goes_to_all_however_few(staff):
    make_subscribers("a")
    assert sending.start(make_issue(), by=None) == 1


def test_the_segment_is_part_of_each_version(segment, staff):
    issue = make_issue()
    page = f"/admin/pages/issue/{issue.pk}/change/"
    fields = {"subject": "News", "body": "<p>Text</p>", "segment": segment.pk}
    answer = staff.post(page, fields, follow=True)
    assert answer.status_code == 200
    issue.refresh_from_db()
    assert issue.segment == segment


def test_an_issue_tells_how_many_left_and_came_back_since(segment, staff, outbox_drained):
    make_subscribers("late-before")
    Subscriber.objects.filter(language="en").unsubscribe()
    issue = make_issue()
    sending.start(issue, by=None)
    outbox_drained()
    leave("de")
    leave("de")
    suppress("d9@example.org", Cause.BOUNCE)
    make_subscribers("had-it-not", language="fr")
    leave("fr")
    Issue.objects.filter(pk=issue.pk).update(begun_at=Now() - timedelta(minutes=1))
    Subscriber.objects.filter(language="en").update(unsubscribed_at=Now() - timedelta(days=1))
    assert issue.dispatches.endings(Issue.objects.get()) == {"": 2, "bounce": 1}
    shown = page_of(staff, issue)
    assert "Unsubscribed since</th> <td>2</td>" in shown
    assert "Ended by: mail came back</th> <td>1</td>" in shown
