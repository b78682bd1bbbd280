"""The newsletter: composed from the news, sent once to everybody who wants it, paused and resumed."""

import smtplib
from datetime import date, timedelta
from typing import Any

import pytest
from anymail.exceptions import AnymailRequestsAPIError
from django.core import mail
from django.core.mail import mailers
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone
from django.utils.translation import override

from campaign.outbox.models import Item, Suppression
from campaign.secrecy.addresses import fingerprint
from campaign.secrecy.periods.keys import KeyGone
from campaign.supporters import subscriptions
from campaign.supporters.models import Segment, Subscriber
from pages.models import Dispatch, Issue, NewsItem
from pages.models.newsletter import DispatchState, ForbiddenChange
from pages.newsletter import composing, mails, sending
from tests.pages.factories import make_news_item

pytestmark = pytest.mark.django_db


def make_subscribers(*names: str, language: str = "en") -> None:
    for name in names:
        subscriptions.join(address=f"{name}@example.org", language=language)


def make_issue(**fields: Any) -> Issue:
    words = {"subject": "News", "body": '<h2>One</h2><p>Read <a href="/news/">this</a>.</p>'}
    return Issue.objects.create(**{**words, **fields})


def as_saved(issue: Issue) -> dict[str, Any]:
    """Return what the form of an issue posts, with which it is sent, as long as nobody has typed in it."""
    return {"subject": issue.subject, "body": issue.body, "segment": issue.segment_id or ""}


def recipients() -> list[str]:
    return sorted(message.to[0] for message in mail.outbox)


def states(issue: Issue) -> dict[str, int]:
    return issue.dispatches.numbers()


def test_every_confirmed_subscriber_gets_it_once(outbox_drained):
    make_subscribers("a", "b", "c")
    subscriptions.upsert("pending@example.org", "en")
    issue = make_issue()
    assert sending.start(issue, by=None) == 3
    outbox_drained()
    issue.refresh_from_db()
    assert recipients() == ["a@example.org", "b@example.org", "c@example.org"]
    assert (issue.state, states(issue)) == ("sent", {"sent": 3})
    assert issue.ended_at is not None


def test_the_mail_has_working_links_a_way_out_and_nothing_that_tracks(client, outbox_drained):
    make_subscribers("a")
    sending.start(make_issue(), by=None)
    outbox_drained()
    message: Any = mail.outbox[0]
    html = message.alternatives[0][0]
    assert message.subject == "News"
    assert "Read this <http://testserver/news/>." in message.body
    assert 'href="http://testserver/news/"' in html
    assert "<img" not in html
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    way_out = message.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://testserver")
    assert client.post(way_out).status_code == 200
    assert not Subscriber.objects.confirmed().exists()


def test_everybody_gets_their_language_where_there_is_one(outbox_drained):
    make_subscribers("a")
    make_subscribers("b", language="de")
    make_subscribers("c", language="fr")
    sending.start(make_issue(translations={"de": {"subject": "Neues", "body": "<p>Hallo</p>"}}), by=None)
    outbox_drained()
    assert {message.to[0][0]: message.subject for message in mail.outbox} == {"a": "News", "b": "Neues", "c": "News"}
    assert "/fr/newsletter/unsubscribe/" in next(m.body for m in mail.outbox if m.to[0].startswith("c"))


def test_who_left_or_was_suppressed_meanwhile_is_left_out(outbox_drained):
    make_subscribers("a", "b", "c")
    issue = make_issue()
    sending.start(issue, by=None)
    Subscriber.objects.filter(pk=Subscriber.objects.order_by("pk")[0].pk).update(state="unsubscribed", address=None)
    Suppression.objects.create(fingerprint=fingerprint("b@example.org", "suppression"), cause="bounce")
    outbox_drained()
    assert recipients() == ["c@example.org"]
    assert states(issue) == {"sent": 1, "skipped": 2}


@pytest.mark.parametrize("halt", [sending.pause, sending.stop])
def test_paused_or_stopped_half_way_and_resumed_nobody_gets_it_twice(outbox_drained, monkeypatch, halt):
    make_subscribers(*"abcdef")
    issue = make_issue()
    sending.start(issue, by=None)
    hand_over = mails.hand_to_mail_server

    def pause_after_three(*args):
        if len(mail.outbox) == 2:
            halt(issue, by=None)
        return hand_over(*args)

    monkeypatch.setattr(mails, "hand_to_mail_server", pause_after_three)
    outbox_drained()
    assert len(recipients()) == 3
    monkeypatch.setattr(mails, "hand_to_mail_server", hand_over)
    sending.resume(issue, by=None)
    outbox_drained()
    assert recipients() == [f"{name}@example.org" for name in "abcdef"]


def test_stopped_nobody_else_gets_it(outbox_drained):
    make_subscribers("a")
    issue = make_issue()
    sending.start(issue, by=None)
    sending.stop(issue, by=None)
    outbox_drained()
    assert recipients() == []


def test_an_issue_cannot_be_sent_twice():
    issue = make_issue()
    sending.start(issue, by=None)
    with pytest.raises(ForbiddenChange):
        sending.start(Issue.objects.get(), by=None)


def test_a_scheduled_issue_goes_out_when_it_is_due():
    issue = make_issue()
    sending.schedule(issue, send_at=timezone.now() + timedelta(hours=1), by=None)
    assert sending.start_due() == 0
    Issue.objects.update(send_at=timezone.now() - timedelta(seconds=1))
    assert sending.start_due() == 1
    assert sending.start_due() == 0


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (smtplib.SMTPRecipientsRefused({"a@example.org": (550, b"no")}), "refused"),
        (smtplib.SMTPRecipientsRefused({"a@example.org": (450, b"later")}), "waiting"),
        (smtplib.SMTPDataError(554, b"no"), "refused"),
        (smtplib.SMTPSenderRefused(550, b"who are you", "campaign@example.org"), "waiting"),
        (smtplib.SMTPAuthenticationError(535, b"no"), "waiting"),
        (ValueError("Invalid address"), "skipped"),
        (smtplib.SMTPServerDisconnected("gone"), "unknown"),
        (TimeoutError(), "unknown"),
        (AnymailRequestsAPIError("busy", response=type("R", (), {"status_code": 429})()), "waiting"),
        (AnymailRequestsAPIError("broken", response=type("R", (), {"status_code": 500})()), "unknown"),
    ],
)
def test_what_the_mail_server_says_decides(outbox_drained, monkeypatch, error, state):
    make_subscribers("a")
    issue = make_issue()
    sending.start(issue, by=None)

    def fail(*args):
        raise error

    monkeypatch.setattr(EmailBackend, "send_messages", fail)
    outbox_drained()
    assert states(issue) == {state: 1}


def test_a_server_that_takes_nothing_of_ours_uses_up_nobodys_attempts(outbox_drained, monkeypatch):
    make_subscribers("a")
    sending.start(make_issue(), by=None)

    def refuse(*args):
        raise smtplib.SMTPSenderRefused(550, b"who are you", "campaign@example.org")

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    for _ in range(sending.MOST_ATTEMPTS + 1):
        Item.objects.update(due_at=timezone.now())
        outbox_drained()
    assert Dispatch.objects.get().attempts == 0


def test_a_mail_server_that_cannot_be_reached_costs_nobody_their_mail(outbox_drained, monkeypatch):
    make_subscribers("a")
    issue = make_issue()
    sending.start(issue, by=None)
    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "open", lambda self: (_ for _ in ()).throw(ConnectionRefusedError()))
        outbox_drained()
        assert states(issue) == {"waiting": 1}


def test_a_deferred_mail_is_given_up_in_the_end():
    make_subscribers("a")
    issue = make_issue()
    sending.start(issue, by=None)
    Dispatch.objects.update(attempts=sending.MOST_ATTEMPTS - 1)
    dispatch = Dispatch.objects.take(issue.pk)
    assert dispatch is not None
    sending.settle_dispatch(dispatch, DispatchState.WAITING)
    assert states(issue) == {"refused": 1}


def test_what_a_dead_worker_had_in_hand_is_unknown_and_not_sent_again():
    make_subscribers("a")
    issue = make_issue()
    sending.start(issue, by=None)
    Dispatch.objects.take(issue.pk)
    assert not sending.finish(issue.pk)
    Dispatch.objects.update(begun_at=timezone.now() - timedelta(hours=1))
    assert sending.finish(issue.pk)
    assert states(issue) == {"unknown": 1}


NOW = timezone.now()


def make_last_issue() -> None:
    """An issue that was written an hour ago."""
    issue = make_issue()
    sending.start(issue, by=None)
    Issue.objects.filter(pk=issue.pk).update(created_at=NOW - timedelta(hours=1))


def test_an_issue_is_composed_from_the_news_since_the_last():
    make_last_issue()
    old = make_news_item("old")
    NewsItem.objects.filter(pk=old.pk).update(appeared_at=NOW - timedelta(hours=2))
    make_news_item("new", title="<b>New</b>", published_on=date(2020, 1, 1))
    issue = composing.compose_issue(by=None)
    assert "&lt;b&gt;New" in issue.body
    assert "http://testserver/news/new/" in issue.body
    assert "Old" not in issue.body


@pytest.mark.parametrize("fields", [
    {"state": "published"},
    {"state": "published", "publish_at": NOW - timedelta(minutes=5)},
    {"state": "published", "published_on": date(2020, 1, 1)},
])  # fmt: skip
def test_what_was_written_before_the_last_issue_and_appeared_after_it_is_in_the_next(fields):
    item = make_news_item("early", state="draft")
    NewsItem.objects.update(created_at=NOW - timedelta(days=9))
    make_last_issue()
    vars(item).update(fields)
    item.save()
    assert composing.news_since_last() == [item]


def test_what_an_older_release_scheduled_is_in_the_issue_after_its_time():
    item = make_news_item("scheduled")
    NewsItem.objects.update(appeared_at=None, created_at=NOW - timedelta(days=9), publish_at=NOW - timedelta(minutes=5))
    make_last_issue()
    assert composing.news_since_last() == [item]


def test_a_draft_takes_only_what_can_be_read_in_its_language_whoever_makes_it():
    english = {"en": {"title": "Read", "summary": "A summary."}}
    make_news_item("german", language="de", title="Gelesen")
    make_news_item("both", language="de", title="Beides", translations=english)
    make_news_item("own", title="Own", translations={"de": {"title": "Eigenes", "summary": "."}})
    with override("de"):
        issue = composing.compose_issue(by=None)
    assert [word in issue.body for word in ("Gelesen", "Beides", "Read", "Own", "Eigenes")] == [
        False, False, True, True, False,
    ]  # fmt: skip
    assert "/de/" not in issue.body


def test_the_date_of_news_follows_its_appearing_unless_staff_chose_a_day():
    item, chosen = make_news_item("item", state="draft"), make_news_item("chosen", published_on=date(2020, 1, 1))
    assert (item.published_on, chosen.published_on) == (None, date(2020, 1, 1))
    item.state = "published"
    for days in (9, 5):
        item.publish_at = NOW + timedelta(days=days)
        item.save()
        assert item.published_on == timezone.localdate(item.publish_at)
    item.publish_at = None
    before = timezone.localdate()
    item.save()
    assert item.published_on in {before, timezone.localdate()}
    NewsItem.objects.update(appeared_at=NOW - timedelta(days=3), published_on=date(2020, 1, 2))
    item.refresh_from_db()
    item.save()
    assert item.published_on == date(2020, 1, 2)


def test_what_fails_before_a_mail_is_handed_over_is_not_said_to_have_been_sent(outbox_drained, monkeypatch):
    make_subscribers("a")
    issue = make_issue()
    sending.start(issue, by=None)

    def broken(*_given: object, **_named: object) -> None:
        raise ValueError("a template is broken")

    with monkeypatch.context() as fault:
        fault.setattr(mails, "build_message", broken)
        with pytest.raises(ValueError, match="a template is broken"):
            mails.send_next(issue, mailers.default)
    assert list(issue.dispatches.values_list("state", "attempts")) == [("waiting", 0)]
    Dispatch.objects.update(due_at=timezone.now())
    outbox_drained()
    assert (recipients(), states(issue)) == (["a@example.org"], {"sent": 1})


def test_a_subscriber_whose_key_is_gone_is_skipped(outbox_drained, monkeypatch):
    make_subscribers("a")
    issue = make_issue()
    sending.start(issue, by=None)

    def gone(_dispatch: Dispatch) -> None:
        raise KeyGone(b"a week")

    with monkeypatch.context() as week:
        week.setattr(Dispatch, "subscriber", property(gone))
        assert mails.send_next(issue, mailers.default)
    assert states(issue) == {"skipped": 1}


def test_an_issue_to_a_segment_takes_no_news_from_the_others():
    item = make_news_item()
    segment = Segment.objects.create(name="Germans", language="de")
    make_issue(state="sent", segment=segment, created_at=timezone.now() + timedelta(minutes=1))
    assert composing.news_since_last() == [item]
