"""The way out that each mail of the newsletter carries: as mail programs find it, and for as long as mails are kept."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db.models.functions import Now
from django.test import Client

from campaign.mail import mailers
from campaign.outbox import queue
from campaign.outbox.models import Item
from campaign.secrecy import tokens
from campaign.supporters import leaving, retention, subscriptions
from campaign.supporters.joining import join_with_others
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


def test_after_another_secret_key_the_links_of_new_mails_work(client, settings):
    subscriptions.join(address=ADDRESS, language="en")
    settings.SECRET_KEY = "another" * 10
    assert leave(client, way_out(Subscriber.objects.get())) == SubscriberState.UNSUBSCRIBED


def asked(client: Client, outbox_drained, address: str = ADDRESS) -> str:
    """The link in the mail that the form of the newsletter sends."""
    mail.outbox.clear()
    response = client.post("/newsletter/leave/", {"email": address})
    assert (response.status_code, response["Location"]) == (302, "/newsletter/leave/asked/")
    assert client.get("/newsletter/leave/asked/").status_code == 200
    outbox_drained()
    (message,) = mail.outbox
    return next(line for line in message.body.splitlines() if "/newsletter/leave/" in line).removeprefix(
        "http://testserver"
    )


def test_the_form_mails_a_link_that_ends_the_subscription(client, outbox_drained):
    subscriptions.join(address=ADDRESS, language="en")
    link = asked(client, outbox_drained)
    assert client.get(link).status_code == 200
    assert Subscriber.objects.confirmed().exists()
    assert leave(client, link) == SubscriberState.UNSUBSCRIBED


def test_the_answer_is_the_same_for_an_address_that_is_not_subscribed(client, outbox_drained):
    assert client.post(asked(client, outbox_drained)).status_code == 200
    left = Subscriber.objects.get()
    assert (left.state, left.address, left.confirmed_at) == (SubscriberState.UNSUBSCRIBED, None, None)


def test_the_mailed_link_also_ends_what_was_to_become_a_subscription(client, outbox_drained):
    subscriptions.ask(address=ADDRESS, language="en")
    outbox_drained()
    subscriptions.confirm(
        token_digest=tokens.digest(subscriptions.confirm_token(bytes(Subscriber.objects.get().nonce))), language="en"
    )
    end_by_link(client)


def test_the_mailed_link_also_ends_the_wish_of_somebody_who_has_no_row(client):
    queue.put(subscriptions.WISH, subject=7, payload={"language": "en"}, secret={"address": ADDRESS})
    subscriptions.grant_wishes([7])
    end_by_link(client)


def test_whoever_left_long_ago_and_asked_anew_is_ended_by_the_link(client):
    subscriptions.join(address=ADDRESS, language="en")
    Subscriber.objects.all().unsubscribe()
    Subscriber.objects.update(unsubscribed_at=Now() - timedelta(days=900))
    queue.put(subscriptions.JOIN, payload={"language": "en"}, secret={"address": ADDRESS})
    end_by_link(client)


def end_by_link(client: Client) -> None:
    (joining,) = Item.objects.filter(kind=subscriptions.JOIN)
    client.post(leaving_link())
    in_hand, waiting = [joining], list[Item]()
    assert (join_with_others(in_hand), join_with_others(waiting)) == (0, 0)
    assert Subscriber.objects.get().state == SubscriberState.UNSUBSCRIBED


def leaving_link() -> str:
    return f"/newsletter/leave/{leaving.link_token(ADDRESS)}/"


def test_a_link_that_is_broken_or_too_old_says_so(client):
    assert client.get("/newsletter/leave/abc/").status_code == 404
    assert client.get("/newsletter/leave/").status_code == 302


def test_a_mistake_in_the_form_is_named_beside_it(client):
    response = client.post("/newsletter/leave/", {"email": "ana"}, follow=True)
    page = response.content.decode()
    assert response.status_code == 422
    assert 'id="id_leave_email_error"' in page
    assert page.count('aria-invalid="true"') == 1
