"""Which bounces shut an address out for good, in the words of each provider."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import RequestFactory
from django.utils.module_loading import import_string

from campaign.mail.mailers import PROVIDERS
from campaign.outbox.models import Suppression
from campaign.supporters.provider_reports import delivery_reports
from campaign.supporters.provider_reports.bounces import IS_FOR_GOOD, is_for_good
from tests.supporters.provider_examples import EXAMPLES
from tests.supporters.test_reports import public_key

pytestmark = pytest.mark.django_db
ADDRESS = "ana@example.org"
FULL = "552 5.2.2 The email account that you tried to reach is over quota"
GONE = "550 5.1.1 The email account that you tried to reach does not exist"
BLOCKED = "550 5.7.1 Message rejected because of its content"
NOW = datetime.now(UTC)
ISO, SECONDS = NOW.isoformat(), int(NOW.timestamp())


def brevo(event: str, reason: str = "") -> Any:
    return {"event": event, "email": ADDRESS, "ts_epoch": SECONDS * 1000, "reason": reason}


def mailersend(kind: str, reason: str) -> Any:
    facts = {"object": "recipient_bounce", "reason": reason}
    email = {"recipient": {"email": ADDRESS}, "message": {"id": "1"}}
    data = {"type": kind, "id": "1", "created_at": ISO, "morph": facts, "email": email}
    return {"type": f"activity.{kind}", "data": data}


def mailgun(severity: str, reason: str, words: str = "") -> Any:
    status = {"message": words}
    facts = {"event": "failed", "severity": severity, "reason": reason, "delivery-status": status}
    return {"signature": {"token": "t"}, "event-data": {**facts, "recipient": ADDRESS, "timestamp": SECONDS}}


def mailgun_form(event: str, code: str) -> str:
    return urlencode({"event": event, "code": code, "recipient": ADDRESS, "timestamp": SECONDS, "token": "t"})


def mailjet(*, is_hard: bool, error: str, event: str = "bounce") -> Any:
    return {"event": event, "email": ADDRESS, "time": SECONDS, "hard_bounce": is_hard, "error": error, "MessageID": 1}


def mailtrap(event: str, response: str) -> Any:
    return {
        "events": [{"event": event, "email": ADDRESS, "timestamp": SECONDS, "message_id": "1", "response": response}]
    }


def mandrill(event: str) -> str:
    facts = {"event": event, "ts": SECONDS, "msg": {"email": ADDRESS}}
    return urlencode({"mandrill_events": json.dumps([facts])})


def postal(status: str, output: str) -> Any:
    message = {"id": 1, "to": ADDRESS, "direction": "outgoing"}
    return {"uuid": "1", "timestamp": SECONDS, "payload": {"status": status, "output": output, "message": message}}


def postal_bounce() -> Any:
    message = {"id": 1, "to": ADDRESS, "direction": "outgoing"}
    return {"uuid": "1", "timestamp": SECONDS, "payload": {"original_message": message, "bounce": {"id": 2}}}


def postmark(kind: str, details: str = "", record: str = "Bounce") -> Any:
    return {"RecordType": record, "Type": kind, "Email": ADDRESS, "BouncedAt": ISO, "ID": 1, "Details": details}


def postmark_change(reason: str) -> Any:
    facts = {"SuppressSending": True, "SuppressionReason": reason}
    return {"RecordType": "SubscriptionChange", "Recipient": ADDRESS, "ChangedAt": ISO, **facts}


def resend(message: str, **bounce: str) -> Any:
    data = {"email_id": "1", "to": [ADDRESS], "headers": [], "bounce": {"message": message, **bounce}}
    return {"type": "email.bounced", "created_at": ISO, "data": data}


def sendgrid(event: str, **facts: str) -> Any:
    return [{"event": event, "email": ADDRESS, "timestamp": SECONDS, "sg_event_id": "1", **facts}]


def sparkpost(kind: str, bounce_class: str) -> Any:
    facts = {"type": kind, "timestamp": str(SECONDS), "bounce_class": bounce_class, "raw_rcpt_to": ADDRESS}
    return [{"msys": {"message_event": facts}}]


FOR_GOOD = [
    ("brevo", brevo("hard_bounce", GONE)),
    ("brevo", brevo("invalid_email")),
    ("mailersend", mailersend("hard_bounced", GONE)),
    ("mailgun", mailgun("permanent", "bounce", GONE)),
    ("mailgun", mailgun("permanent", "suppress-bounce")),
    ("mailgun", mailgun_form("bounced", "550")),
    ("mailgun", mailgun_form("dropped", "605")),
    ("mailjet", mailjet(is_hard=True, error="user unknown")),
    ("mailtrap", mailtrap("bounce", GONE)),
    ("mandrill", mandrill("hard_bounce")),
    ("postal", postal("HardFail", GONE)),
    ("postmark", postmark("HardBounce", GONE)),
    ("postmark", postmark("BadEmailAddress")),
    ("postmark", postmark_change("HardBounce")),
    ("resend", resend("The recipient's email provider sent a hard bounce message.")),
    ("resend", resend("No such user", type="Permanent", subType="General")),
    ("sendgrid", sendgrid("bounce", type="bounce", status="5.1.1", reason=GONE)),
    ("sendgrid", sendgrid("dropped", reason="Bounced Address")),
    ("sparkpost", sparkpost("bounce", "10")),
    ("sparkpost", sparkpost("out_of_band", "30")),
]
MAY_PASS = [
    ("brevo", brevo("soft_bounce", FULL)),
    ("brevo", brevo("hard_bounce", FULL)),
    ("brevo", brevo("blocked", BLOCKED)),
    ("mailersend", mailersend("soft_bounced", "mailbox full")),
    ("mailersend", mailersend("hard_bounced", FULL)),
    ("mailgun", mailgun("temporary", "generic")),
    ("mailgun", mailgun("permanent", "bounce", FULL)),
    ("mailgun", mailgun("permanent", "generic", BLOCKED)),
    ("mailgun", mailgun_form("bounced", "552")),
    ("mailgun", mailgun_form("bounced", "450")),
    ("mailjet", mailjet(is_hard=False, error="quota exceeded")),
    ("mailjet", mailjet(is_hard=False, error="mailbox inactive")),
    ("mailjet", mailjet(is_hard=False, error="preblocked", event="blocked")),
    ("mailtrap", mailtrap("soft bounce", FULL)),
    ("mailtrap", mailtrap("bounce", BLOCKED)),
    ("mandrill", mandrill("soft_bounce")),
    ("mandrill", mandrill("reject")),
    ("postal", postal("HardFail", FULL)),
    ("postal", postal("SoftFail", "450 4.2.1 try again")),
    ("postal", postal_bounce()),
    ("postmark", postmark("SoftBounce", FULL)),
    ("postmark", postmark("DMARCPolicy")),
    ("postmark", postmark("SpamNotification", BLOCKED)),
    ("postmark", postmark_change("ManualSuppression")),
    ("resend", resend("The recipient's email provider sent a general bounce message.")),
    ("resend", resend("sent a bounce message because the recipient's inbox was full.")),
    ("resend", resend("Mailbox full", type="Transient", subType="MailboxFull")),
    ("resend", resend("Resend has suppressed sending", type="Permanent", subType="Suppressed")),
    ("sendgrid", sendgrid("bounce", type="bounce", status="5.2.2", reason=FULL)),
    ("sendgrid", sendgrid("bounce", type="blocked", status="5.7.1", reason=BLOCKED)),
    ("sendgrid", sendgrid("dropped", reason="Spam Content")),
    ("sparkpost", sparkpost("bounce", "20")),
    ("sparkpost", sparkpost("bounce", "22")),
    ("sparkpost", sparkpost("bounce", "70")),
]
COMPLAINTS = [
    ("brevo", brevo("spam")),
    ("mandrill", mandrill("spam")),
    ("postmark", postmark("SpamComplaint", record="SpamComplaint")),
    ("postmark", postmark_change("SpamComplaint")),
    ("sendgrid", sendgrid("spamreport")),
    ("sparkpost", sparkpost("spam_complaint", "51")),
]


def named(reports: list[tuple[str, Any]]) -> list[str]:
    return [f"{provider}-{number}" for number, (provider, _report) in enumerate(reports)]


def take(settings: Any, provider: str, report: Any) -> list[str]:
    """The causes of what is suppressed after this report; that it must be signed is tested elsewhere."""
    key = {"sendgrid": public_key(), "postal": "key"}.get(provider, "user:key")
    settings.EMAIL_PROVIDER, settings.EMAIL_WEBHOOK_SECRET = provider, key
    path, name = PROVIDERS[provider]
    is_form = isinstance(report, str)
    kind = "application/x-www-form-urlencoded" if is_form else "application/json"
    request = RequestFactory().post("/mail/events/", report if is_form else json.dumps(report), content_type=kind)
    delivery_reports.take(import_string(f"anymail.webhooks.{path}")(**{name: key}).parse_events(request))
    return list(Suppression.objects.values_list("cause", flat=True))


@pytest.mark.parametrize(("provider", "report"), FOR_GOOD, ids=named(FOR_GOOD))
def test_a_mailbox_that_does_not_exist_gets_nothing_more(settings, provider, report):
    assert take(settings, provider, report) == ["bounce"]


@pytest.mark.parametrize(("provider", "report"), MAY_PASS, ids=named(MAY_PASS))
def test_what_may_have_passed_tomorrow_shuts_nobody_out(settings, provider, report):
    assert take(settings, provider, report) == []


@pytest.mark.parametrize(("provider", "report"), COMPLAINTS, ids=named(COMPLAINTS))
def test_who_complained_gets_nothing_more(settings, provider, report):
    assert take(settings, provider, report) == ["complaint"]


@pytest.mark.parametrize(
    ("provider", "report", "is_for_good"), EXAMPLES, ids=[f"{one[0]}-{number}" for number, one in enumerate(EXAMPLES)]
)
def test_the_providers_own_examples_are_read_as_they_mean_them(settings, provider, report, is_for_good):
    assert take(settings, provider, report) == ["bounce"] * is_for_good


def test_every_provider_whose_reports_are_heard_has_its_own_words():
    assert IS_FOR_GOOD.keys() == PROVIDERS.keys()


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("report", [{}, {"data": None}, {"payload": []}, {"msys": {}}], ids=str)
def test_a_report_that_was_cut_short_shuts_nobody_out(provider, report):
    assert not is_for_good(provider, report, "")
