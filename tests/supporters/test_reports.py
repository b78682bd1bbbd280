"""Reports of the mail provider: believed when signed, lately and for the first time, and only about what they are."""

import base64
import hashlib
import hmac
import json
import time
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from campaign.mail.mailers import PROVIDERS
from campaign.outbox.models import Suppression
from campaign.outbox.suppressions import is_suppressed
from campaign.supporters import subscriptions
from campaign.supporters.models import Subscriber, SubscriberState
from campaign.supporters.provider_reports import delivery_reports

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
    subscriber = subscriptions.join(address=ADDRESS, language="en")
    assert post(client, report(event)) == 200
    assert is_suppressed("Gone@Example.org")
    assert Suppression.objects.get().cause == cause
    subscriber.refresh_from_db()
    assert (subscriber.state, subscriber.address) == (SubscriberState.UNSUBSCRIBED, None)


def test_other_subscribers_stay(client):
    subscriptions.join(address="other@example.org", language="en")
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


def test_a_report_whose_address_could_not_be_suppressed_counts_when_it_comes_again(client, monkeypatch):
    def lost(*_given: object) -> bool:
        raise OperationalError("the server closed the connection")

    body = report()
    with monkeypatch.context() as away:
        away.setattr(delivery_reports, "suppress", lost)
        assert post(client, body) == 503
    assert post(client, body) == 200
    assert Suppression.objects.exists()


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


def public_key() -> str:
    """As SendGrid shows it."""
    shown = ec.generate_private_key(ec.SECP256R1()).public_key()
    return base64.b64encode(shown.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


@pytest.mark.parametrize("provider", PROVIDERS)
def test_whoever_reports_without_signature_or_password_is_refused(client, settings, provider):
    settings.EMAIL_PROVIDER, settings.EMAIL_WEBHOOK_SECRET = provider, public_key() if provider == "sendgrid" else KEY
    assert post(client, {"event": "hard_bounce", "email": ADDRESS}) == 403
    assert client.post(WHERE, {"mandrill_events": "[]"}).status_code == 403


type Report = dict[str, Any]  # what Client.post takes beside the address


def from_mandrill(event: str, *, age: timedelta = timedelta(), key: str = KEY) -> Report:
    """Signs the address and the fields of the form."""
    facts = {"event": event, "ts": int((timezone.now() - age).timestamp()), "msg": {"email": ADDRESS}}
    told = json.dumps([facts])
    signed = f"http://testserver{WHERE}mandrill_events{told}".encode()
    signature = base64.b64encode(hmac.digest(key.encode(), signed, hashlib.sha1)).decode()
    return {"data": {"mandrill_events": told}, "headers": {"X-Mandrill-Signature": signature}}


def from_resend(event: str, *, age: timedelta = timedelta(), key: str = KEY) -> Report:
    """Knows a name and a password, which stand in the address that it was given."""
    names = {"hard_bounce": "email.bounced", "spam": "email.complained", "soft_bounce": "email.delivery_delayed"}
    bounce = {"message": "The recipient's email provider sent a hard bounce message"}
    happened = (timezone.now() - age).isoformat()
    data = {"email_id": "1", "to": [ADDRESS], "bounce": bounce, "headers": []}
    headers = {"svix-id": "msg_1", "Authorization": f"Basic {base64.b64encode(f'us:{key}'.encode()).decode()}"}
    told = json.dumps({"type": names[event], "created_at": happened, "data": data})
    return {"data": told, "content_type": "application/json", "headers": headers}


@pytest.fixture(
    params=[("mandrill", KEY, from_mandrill), ("resend", f"us:{KEY}", from_resend)], ids=lambda each: each[0]
)
def told_by(request, settings) -> Any:
    """Makes a report of another provider, which is the one that sends our mail."""
    settings.EMAIL_PROVIDER, settings.EMAIL_WEBHOOK_SECRET, make = request.param
    return make


@pytest.mark.parametrize(
    ("event", "causes"), [("hard_bounce", ["bounce"]), ("spam", ["complaint"]), ("soft_bounce", [])]
)
def test_other_providers_are_understood(client, told_by, event, causes):
    assert client.post(WHERE, **told_by(event)).status_code == 200
    assert list(Suppression.objects.values_list("cause", flat=True)) == causes


def test_their_forged_and_old_reports_change_nothing(client, told_by):
    assert client.post(WHERE, **told_by("spam", key="another-key")).status_code == 403
    assert client.post(WHERE, **told_by("spam", age=timedelta(days=4))).status_code == 200
    assert not Suppression.objects.exists()


def test_what_they_report_again_changes_nothing(client, told_by):
    report = told_by("spam")
    client.post(WHERE, **report)
    Suppression.objects.all().delete()
    assert client.post(WHERE, **report).status_code == 200
    assert not Suppression.objects.exists()
