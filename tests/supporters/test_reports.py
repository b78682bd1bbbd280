"""Reports of the mail provider: believed when signed, lately and for the first time, and only about what they are."""

import base64
import hashlib
import hmac
import json
import time
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from campaign.outbox.mail import is_suppressed
from campaign.outbox.models import Suppression
from campaign.supporters import subscribing
from campaign.supporters.models import Subscriber, SubscriberState

pytestmark = pytest.mark.django_db
WHERE, KEY, ADDRESS = "/mail/events/", "signing-key-of-the-tests", "gone@example.org"


@pytest.fixture(autouse=True)
def mailgun(settings) -> None:
    settings.EMAIL_PROVIDER, settings.EMAIL_WEBHOOK_SECRET = "mailgun", KEY


def report(event: str = "failed", *, key: str = KEY, age: timedelta = timedelta(), **data: Any) -> dict[str, Any]:
    """As Mailgun sends it."""
    moment, token = str(int(time.time())), "t" * 50
    signature = hmac.new(key.encode(), f"{moment}{token}".encode(), hashlib.sha256).hexdigest()
    facts = {"severity": "permanent", "reason": "bounce", "recipient": ADDRESS, "id": "event-1"}
    timestamp = (timezone.now() - age).timestamp()
    return {
        "signature": {"timestamp": moment, "token": token, "signature": signature},
        "event-data": {"event": event, "timestamp": timestamp, **facts, **data},
    }


def post(client: Client, body: Any) -> int:
    return client.post(WHERE, json.dumps(body), content_type="application/json").status_code


@pytest.mark.parametrize(("event", "cause"), [("failed", "bounce"), ("complained", "complaint")])
def test_an_address_that_bounces_or_complains_gets_nothing_more(client, event, cause):
    subscriber = subscribing.join(address=ADDRESS, language="en")
    assert post(client, report(event)) == 200
    assert is_suppressed("Gone@Example.org")
    assert Suppression.objects.get().cause == cause
    subscriber.refresh_from_db()
    assert (subscriber.state, subscriber.address) == (SubscriberState.UNSUBSCRIBED, None)


def test_other_subscribers_stay(client):
    subscribing.join(address="other@example.org", language="en")
    post(client, report())
    assert Subscriber.objects.confirmed().count() == 1


FORGED = {
    "another key": report(key="another-key"),
    "no signature": {"event-data": report()["event-data"]},
    "no report": ["x"],
    "no words": {},
}


@pytest.mark.parametrize("body", FORGED.values(), ids=FORGED)
def test_what_the_provider_did_not_sign_is_refused(client, body):
    assert post(client, body) == 403
    assert not Suppression.objects.exists()


def test_what_nobody_can_read_is_refused(client):
    assert client.post(WHERE, b"\xff{", content_type="application/json").status_code == 403
    assert client.get(WHERE).status_code == 405


IGNORED = {
    "delivered": report("delivered"),
    "opened": report("opened"),
    "unknown": report("something-new"),
    "for a while": report(severity="temporary", reason="generic"),
    "for another reason": report(reason="generic"),
    "old": report(age=timedelta(days=4)),
    "of tomorrow": report(age=timedelta(days=-1)),
    "about nobody": report(recipient=""),
}


@pytest.mark.parametrize("body", IGNORED.values(), ids=IGNORED)
def test_what_says_nothing_about_an_address_is_taken_and_ignored(client, body):
    assert post(client, body) == 200
    assert not Suppression.objects.exists()


def test_a_report_that_comes_again_changes_nothing(client):
    body = report()
    post(client, body)
    Suppression.objects.all().delete()
    assert post(client, body) == 200
    assert not Suppression.objects.exists()


def test_only_the_provider_that_sends_our_mail_is_heard(client, settings):
    settings.EMAIL_PROVIDER = "postmark"
    assert post(client, report()) == 403
    settings.EMAIL_PROVIDER = ""
    assert post(client, report()) == 404
    settings.EMAIL_PROVIDER, settings.EMAIL_WEBHOOK_SECRET = "mailgun", ""
    assert post(client, report()) == 404


def test_a_provider_that_signs_by_password_is_heard_with_it(client, settings):
    settings.EMAIL_PROVIDER, settings.EMAIL_WEBHOOK_SECRET = "postmark", "user:secret"
    body = {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "ID": 7,
        "Email": ADDRESS,
        "BouncedAt": timezone.now().isoformat(),
    }
    answers = [
        client.post(
            WHERE, body, content_type="application/json", headers={"Authorization": f"Basic {word}"}
        ).status_code
        for word in (base64.b64encode(b"user:wrong").decode(), base64.b64encode(b"user:secret").decode())
    ]
    assert answers == [403, 200]
    assert is_suppressed(ADDRESS)
