"""The way out that each mail of the newsletter carries: as mail programs find it, and for as long as mails are kept."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db.models.functions import Now
from django.test import Client

from campaign.mail import mailers
from campaign.secrecy import tokens
from campaign.supporters import retention, subscriptions
from campaign.supporters.mails import unsubscribe_url
from campaign.supporters.models import Subscriber, SubscriberState
from pages.newsletter import sending
from tests.live.smtp_sink import SmtpSink
from tests.pages.test_newsletter import make_issue

pytestmark = pytest.mark.django_db
ADDRESS = "ana@example.org"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def sink(smtp_sink: SmtpSink, settings) -> SmtpSink:
    settings.MAILERS = {"default": mailers.mailer_from_url(smtp_sink.url, settings.ROOT)}
    settings.SITE_URL = "https://a-long-name-of-a-coalition.petitions.example.org"
    return smtp_sink


def header(sink: SmtpSink, name: str) -> bytes:
    """The only line of the only mail that begins so."""
    (line,) = [line for line in sink.mails[0].raw.split(b"\r\n") if line.lower().startswith(name.encode() + b":")]
    return line


@pytest.mark.parametrize("language", ["en", "zh-hant"])
def test_mail_programs_read_the_way_out_of_an_issue_from_one_plain_line(sink, outbox_drained, language):
    subscriber = subscriptions.join(address=ADDRESS, language=language)
    sending.start(make_issue(), by=None)
    outbox_drained()
    assert (
        header(sink, "list-unsubscribe")
        == f"List-Unsubscribe: <{unsubscribe_url(subscriber, subscriber.language)}>".encode()
    )


def test_mail_programs_read_the_way_out_of_a_confirmation_from_one_plain_line(sink, outbox_drained):
    subscriptions.ask(address=ADDRESS, language="en")
    outbox_drained()
    url = unsubscribe_url(Subscriber.objects.get(), "en")
    assert header(sink, "list-unsubscribe") == f"List-Unsubscribe: <{url}>".encode()


def test_the_line_that_promises_one_click_is_plain_too(sink, outbox_drained):
    subscriptions.join(address=ADDRESS, language="en")
    sending.start(make_issue(), by=None)
    outbox_drained()
    assert header(sink, "list-unsubscribe-post") == b"List-Unsubscribe-Post: List-Unsubscribe=One-Click"


def way_out(subscriber: Subscriber) -> str:
    return unsubscribe_url(subscriber, subscriber.language).removeprefix("http://testserver")


def leave(client: Client, link: str) -> SubscriberState:
    """What the subscription is after one click in a mail program."""
    assert client.post(link, ONE_CLICK).status_code == 200
    return SubscriberState(Subscriber.objects.get().state)


def test_a_link_of_an_earlier_subscription_ends_the_present_one(client):
    link = way_out(subscriptions.join(address=ADDRESS, language="en"))
    leave(client, link)
    subscriptions.join(address=ADDRESS, language="de")
    assert leave(client, link) == SubscriberState.UNSUBSCRIBED


def test_a_link_of_a_request_that_was_forgotten_ends_the_subscription_that_came_after(client):
    link = way_out(subscriptions.upsert(ADDRESS, "en"))
    Subscriber.objects.update(created_at=Now() - retention.UNCONFIRMED - timedelta(days=1))
    assert retention.delete_unconfirmed() == 1
    subscriptions.join(address=ADDRESS, language="en")
    assert leave(client, link) == SubscriberState.UNSUBSCRIBED


@pytest.fixture
def older() -> Subscriber:
    """Subscribed when links were made of the nonce."""
    subscriber = subscriptions.join(address=ADDRESS, language="en")
    subscriber.unsubscribe_digest = tokens.digest(tokens.token_for(subscriber.nonce, "newsletter-unsubscribe"))
    subscriber.save()
    return subscriber


def test_a_link_in_an_older_mail_ends_the_subscription(client, older):
    token = tokens.token_for(older.nonce, "newsletter-unsubscribe")
    assert leave(client, f"/newsletter/unsubscribe/{token}/") == SubscriberState.UNSUBSCRIBED


def test_a_link_in_an_older_mail_ends_also_the_subscription_that_came_after(client, older):
    link = way_out(older)
    leave(client, link)
    assert way_out(subscriptions.join(address=ADDRESS, language="en")) == link
    assert leave(client, link) == SubscriberState.UNSUBSCRIBED


def test_the_link_that_confirmed_an_earlier_subscription_confirms_no_later_one(client, outbox_drained):
    subscriptions.ask(address=ADDRESS, language="en")
    outbox_drained()
    link = next(word for word in mail.outbox[0].body.split() if "/newsletter/confirm/" in word)
    Subscriber.objects.all().unsubscribe()
    subscriptions.upsert(ADDRESS, "en")
    assert client.post(link.removeprefix("http://testserver")).status_code == 404
