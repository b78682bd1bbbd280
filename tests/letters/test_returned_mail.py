"""Letters sent by mail that come back, or are answered by a machine: nothing of it is lost (returns.py, inbound/)."""

import json
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from backoffice import alerts
from campaign.outbox.models import Item, Suppression
from campaign.outbox.suppressions import Cause
from campaign.supporters.provider_reports.suppress import suppress
from letters.delivery import inbound, staff_actions
from letters.delivery.returned_mail import marks
from letters.delivery.returned_mail.marks import mark_of
from letters.models import Attempt, Delivery, Office
from letters.models.delivery_states import State
from letters.submission import retention, workflow
from tests.letters.factories import make_addressed_office, make_due, make_ready
from tests.supporters.test_bounces import NOW

pytestmark = pytest.mark.django_db
OFFICE, RETURN = "mail@office.example", "letters@bounces.example.org"
FORM = "https://www.example.org/contact"
KEY = "user:password"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    settings.LETTER_RETURN_ADDRESS, settings.LETTER_INBOX_URL = RETURN, tmp_path.as_uri()
    settings.LETTER_CHANNELS = ["email", "contact_form"]
    return tmp_path


@pytest.fixture
def mailed() -> Delivery:
    """A letter that the mail server has taken, to an office with a form as well."""
    delivery = make_ready(make_addressed_office(contact_form=FORM))
    Item.objects.all().delete()
    delivery.become(State.SENDING, channel="email")
    delivery.become(State.ACCEPTED)
    answered = {"phase": "answered", "outcome": "accepted", "answered_at": timezone.now()}
    Attempt.objects.create(delivery=delivery, number=1, channel="email", detail="250 OK", **answered)
    Delivery.objects.update(attempts_made=1)
    return delivery


def put(folder: Path, raw: bytes) -> None:
    (folder / f"{len(list(folder.rglob('*.eml')))}.eml").write_bytes(raw)


def report(
    delivery: Delivery,
    *,
    status: str = "5.1.1",
    said: str = "",
    action: str = "failed",
    kind: str = "delivery-status",
    **headers: str,
) -> bytes:
    """As RFC 3464 has it, with the headers of the letter in the third part."""
    mark = mark_of(delivery.delivery_id)
    given = {"From": "MAILER-DAEMON@mx.example", "To": f"letters+{mark}@bounces.example.org", **headers}
    head = "".join(f"{name}: {value}\n" for name, value in given.items())
    fields = f"Final-Recipient: rfc822; {OFFICE}\nAction: {action}\nStatus: {status}\n"
    fields += f"Diagnostic-Code: smtp; {said or f'550 {status} no such mailbox'}\n"
    parts = [
        ("text/plain", "Your message could not be delivered.\n"),
        (f"message/{kind}", f"Reporting-MTA: dns; mx.example\n\n{fields}" if kind == "delivery-status" else "A: b\n"),
        ("text/rfc822-headers", f"Subject: Please\nMessage-ID: <{mark}@example.org>\n"),
    ]
    body = "".join(f"--b\nContent-Type: {name}\n\n{text}\n" for name, text in parts)
    return f"{head}Content-Type: multipart/report; report-type={kind}; boundary=b\n\n{body}--b--\n".encode()


def again(delivery: Delivery) -> Delivery:
    return Delivery.objects.with_letter().get(pk=delivery.pk)


def test_a_letter_leaves_with_a_return_path_of_its_own_and_the_coalition_as_its_sender(outbox_drained, sink):
    mailed = make_ready(make_addressed_office())
    outbox_drained()
    (received,) = sink.to(OFFICE)
    assert received.sender == f"letters+{mark_of(mailed.delivery_id)}@bounces.example.org"
    assert len(received.sender.partition("@")[0]) <= 64
    assert received.message["From"] == "campaign@example.org"
    assert received.message["Message-ID"] == f"<{mark_of(mailed.delivery_id)}@example.org>"


def test_a_letter_that_comes_back_takes_the_next_channel_and_staff_and_writer_are_told(
    mailed, folder, outbox_drained, sink
):
    put(folder, report(mailed))
    assert inbound.read() == 1
    assert "came back later: 5.1.1 550 5.1.1 no such mailbox" in Attempt.objects.get().detail
    make_due()
    outbox_drained()
    delivery, office = again(mailed), Office.objects.get()
    assert (delivery.state, delivery.channel) == (State.NEEDS_CONSTITUENT, "contact_form")
    assert office.is_email_stopped
    (need,) = alerts.returned_mail()
    assert "no such mailbox" in need.text
    make_due()
    outbox_drained()
    assert FORM not in sink.to("ana@example.org")[-1].text
    assert mailed.delivery_id in sink.to("ana@example.org")[-1].text
    assert inbound.read() == 0
    assert not sink.to(OFFICE)
    assert not Suppression.objects.exists()


def test_without_another_channel_it_is_rejected_and_its_writer_gets_it_to_send(
    mailed, outbox_drained, sink, folder, client, settings
):
    settings.LETTER_CHANNELS = ["email"]
    put(folder, report(mailed))
    inbound.read()
    assert again(mailed).state == State.REJECTED
    make_due()
    outbox_drained()
    assert mailed.delivery_id in sink.to("ana@example.org")[-1].text
    token = workflow.confirmation_token(again(mailed).letter.constituent)
    assert client.get(f"/letters/mine/{token}/{mailed.delivery_id}/").status_code == 200
    assert client.get(f"/letters/mine/{token}/{mailed.delivery_id}/letter.pdf").content.startswith(b"%PDF")


def test_once_staff_have_mended_the_address_it_goes_there_on_their_word(mailed, folder, outbox_drained, sink):
    put(folder, report(mailed))
    inbound.read()
    make_due()
    outbox_drained()
    Office.objects.update(email="new@office.example", is_email_stopped=False)
    staff_actions.retry(again(mailed))
    outbox_drained()
    assert again(mailed).state == State.ACCEPTED
    assert len(sink.to("new@office.example")) == 1


@pytest.mark.parametrize(
    ("status", "said", "is_stopped"),
    [
        ("5.1.1", "550 5.1.1 user unknown", True),
        ("5.0.0", "550 no such box here", True),
        ("5.2.1", "550 5.2.1 disabled", True),
        ("5.2.2", "552 5.2.2 over quota", False),
        ("5.7.1", "550 5.7.1 looks like spam", False),
        ("4.4.7", "delivery time expired", False),
    ],
)
def test_only_an_address_that_does_not_exist_gets_no_further_letters(mailed, folder, status, said, is_stopped):
    put(folder, report(mailed, status=status, said=said))
    inbound.read()
    office = Office.objects.get()
    assert office.is_email_stopped == is_stopped
    assert office.email_returned_because
    assert (again(mailed).state, again(mailed).returned_by) == (State.READY, "email")
    assert len(list(alerts.returned_mail())) == 1


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_a_report_of_anything_but_a_failure_changes_nothing(mailed, folder, action):
    put(folder, report(mailed, action=action, status="4.0.0"))
    assert inbound.read() == 0
    assert (again(mailed).state, again(mailed).automatic_answer) == (State.ACCEPTED, None)


def test_a_read_receipt_is_neither_a_bounce_nor_an_answer(mailed, folder):
    put(folder, report(mailed, kind="disposition-notification"))
    assert inbound.read() == 0
    assert again(mailed).automatic_answer is None


UPPER = {"To": "LETTERS+{mark}@BOUNCES.EXAMPLE.ORG"}
OTHER_HEADER = {"To": "undisclosed", "Delivered-To": "letters+{mark}@bounces.example.org"}
IN_PART_ALONE = {"To": "campaign@example.org"}


@pytest.mark.parametrize("headers", [UPPER, OTHER_HEADER, IN_PART_ALONE], ids=["upper", "other header", "part"])
def test_it_is_found_by_its_return_path_in_any_spelling_or_by_its_message_id(mailed, folder, headers):
    mark = mark_of(mailed.delivery_id)
    mark = mark.upper() if headers is UPPER else mark
    put(folder, report(mailed, **{name: value.format(mark=mark) for name, value in headers.items()}))
    assert inbound.read() == 1
    assert again(mailed).state == State.READY


def test_who_knows_only_the_delivery_id_can_send_nothing_back(mailed, folder, monkeypatch):
    with monkeypatch.context() as forged:
        forged.setattr(marks, "signature_of", lambda _id: "0" * 12)
        put(folder, report(mailed))
    assert inbound.read() == 0
    assert again(mailed).state == State.ACCEPTED
    assert not Office.objects.get().is_email_stopped


@pytest.mark.parametrize(
    ("headers", "text", "state"),
    [
        ({"X-Failed-Recipients": OFFICE}, "A message could not be delivered.", State.READY),
        ({}, "Remote host said: 550 5.1.1 unknown user", State.READY),
        ({}, "We will try again: 451 4.7.1 greylisted", State.ACCEPTED),
    ],
)
def test_older_mail_servers_are_read_by_headers_and_codes(mailed, folder, headers, text, state):
    made = EmailMessage()
    made["From"], made["To"] = "mailer-daemon@mx.example", f"letters+{mark_of(mailed.delivery_id)}@bounces.example.org"
    for name, value in headers.items():
        made[name] = value
    made.set_content(text)
    put(folder, bytes(made))
    assert inbound.read() == 1
    assert again(mailed).state == state


def test_a_bounce_that_comes_before_the_letter_was_recorded_waits_for_it(mailed, folder):
    Delivery.objects.update(state=State.SENDING)
    put(folder, report(mailed))
    assert inbound.read() == 0
    Delivery.objects.update(state=State.ACCEPTED)
    assert inbound.read() == 1


def test_a_letter_of_which_nobody_knew_whether_it_arrived_came_back_for_certain(mailed, folder):
    Delivery.objects.update(state=State.UNKNOWN)
    put(folder, report(mailed))
    inbound.read()
    assert again(mailed).state == State.READY


def test_a_letter_that_comes_back_after_it_was_erased_goes_nowhere(mailed, folder, outbox_drained):
    retention.erase(mailed.letter.constituent)
    put(folder, report(mailed))
    inbound.read()
    make_due()
    outbox_drained()
    assert again(mailed).state == State.REJECTED


def test_an_address_that_is_refused_at_once_is_treated_alike(outbox_drained, sink):
    sink.answers[OFFICE] = "550 5.1.1 no such user"
    delivery = make_ready(make_addressed_office(contact_form=FORM))
    outbox_drained()
    make_due()
    outbox_drained()
    assert (again(delivery).state, again(delivery).channel) == (State.NEEDS_CONSTITUENT, "contact_form")
    assert Office.objects.get().is_email_stopped
    assert [attempt.outcome for attempt in delivery.attempts.all()] == ["rejected", "needs_constituent"]


def answer_to(delivery: Delivery, html: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"] = OFFICE, f"letters+{mark_of(delivery.delivery_id)}@bounces.example.org"
    made["Subject"], made["Auto-Submitted"] = "Thank you for writing", "auto-replied"
    made.set_content(html, subtype="html")
    return made


def test_an_automatic_answer_is_kept_for_the_writer_alone(mailed, folder, client):
    put(folder, bytes(answer_to(mailed, "<p>We got <b>it</b> in error 550.</p><script>x()</script>")))
    assert inbound.read() == 1
    delivery = again(mailed)
    assert (delivery.state, delivery.automatic_answer) == (
        State.ACCEPTED,
        "Thank you for writing\n\nWe got it in error 550.",
    )
    constituent = delivery.letter.constituent
    shown = client.get(f"/letters/track/{workflow.track_token(constituent)}/").content.decode()
    assert "automatic reply" in shown
    assert "error 550" not in shown
    assert "error 550" in client.get(f"/letters/mine/{workflow.confirmation_token(constituent)}/").content.decode()
    retention.erase(constituent)
    assert again(mailed).automatic_answer is None


# What a mail provider reports


def post(client: Client, body: Any) -> int:
    return client.post("/mail/events/", json.dumps(body), content_type="application/json", headers=BASIC).status_code


BASIC = {"Authorization": "Basic dXNlcjpwYXNzd29yZA=="}


def postmark(delivery: Delivery, kind: str, details: str = "", record: str = "Bounce") -> Any:
    facts = {"RecordType": record, "Type": kind, "Email": OFFICE, "BouncedAt": NOW.isoformat(), "ID": 1}
    return {**facts, "Details": details, "Metadata": {"letter": mark_of(delivery.delivery_id)}}


@pytest.fixture
def provider(settings, mailed) -> Delivery:
    settings.EMAIL_PROVIDER, settings.EMAIL_WEBHOOK_SECRET = "postmark", KEY
    return mailed


def test_a_providers_report_finds_the_letter_and_suppresses_nobody(provider, client):
    assert post(client, postmark(provider, "HardBounce", "550 5.1.1 unknown")) == 200
    assert again(provider).state == State.READY
    assert Office.objects.get().is_email_stopped
    assert not Suppression.objects.exists()


def test_a_report_that_leaves_a_doubt_is_for_staff(provider, client):
    assert post(client, postmark(provider, "SoftBounce", "552 5.2.2 full")) == 200
    assert again(provider).state == State.REJECTED
    assert not Office.objects.get().is_email_stopped
    assert not Item.objects.filter(kind="letters.delivery").exists()


def test_a_report_that_comes_too_soon_is_asked_for_again(provider, client):
    Delivery.objects.update(state=State.SENDING)
    assert post(client, postmark(provider, "HardBounce", "550 5.1.1 unknown")) == 503
    Delivery.objects.update(state=State.ACCEPTED)
    assert post(client, postmark(provider, "HardBounce", "550 5.1.1 unknown")) == 200
    assert again(provider).state == State.READY


def test_an_office_that_calls_a_letter_spam_has_it_and_gets_no_more(provider, client):
    assert post(client, postmark(provider, "SpamComplaint", record="SpamComplaint")) == 200
    assert again(provider).state == State.ACCEPTED
    assert Office.objects.get().is_email_stopped
    assert not Suppression.objects.exists()


def test_a_suppression_of_a_supporter_holds_no_office(outbox_drained, sink):
    suppress(OFFICE, Cause.BOUNCE)
    delivery = make_ready(make_addressed_office())
    outbox_drained()
    assert again(delivery).state == State.ACCEPTED
