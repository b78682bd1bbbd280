"""Bounces as providers report them, with the fields and values that their documentation names, and what each means.

Only SendGrid's were compared with its documentation (twilio.com/docs/sendgrid, Event Webhook Reference); the others
were written after Anymail's own tests and what is known of Postmark, Brevo, Mailjet, Mailgun, SparkPost and Resend.
"""

from datetime import UTC, datetime
from typing import Any

TO, NOW = "ana@example.org", datetime.now(UTC)
ISO, SECONDS = NOW.isoformat(), int(NOW.timestamp())


def postmark(number: int, name: str, words: str, *, is_inactive: bool) -> Any:
    return {
        "RecordType": "Bounce",
        "ID": 42,
        "Type": name,
        "TypeCode": number,
        "Name": words,
        "Tag": "Test",
        "MessageID": "00000000-0000-0000-0000-000000000000",
        "ServerID": 1234,
        "MessageStream": "outbound",
        "Description": words,
        "Details": "Test bounce details",
        "Email": TO,
        "From": "sender@example.com",
        "BouncedAt": ISO,
        "DumpAvailable": True,
        "Inactive": is_inactive,
        "CanActivate": True,
        "Subject": "Test subject",
    }


def brevo(event: str, reason: str) -> Any:
    times = {"date": ISO, "ts": SECONDS, "ts_event": SECONDS, "ts_epoch": SECONDS * 1000}
    about = {
        "id": 1,
        "message-id": "201798300811.5787683@relay.domain.com",
        "tag": '["t"]',
        "sending_ip": "185.41.28.109",
    }
    return {"event": event, "email": TO, "subject": "My first Transactional", "reason": reason, **times, **about}


def mailjet(event: str, *, is_hard: bool, is_blocked: bool = False, about: str, error: str) -> Any:
    facts = {"blocked": is_blocked, "hard_bounce": is_hard, "error_related_to": about, "error": error, "comment": ""}
    ids = {
        "MessageID": 13792286917004336,
        "mj_campaign_id": 0,
        "mj_contact_id": 0,
        "customcampaign": "",
        "CustomID": "",
    }
    return {"event": event, "time": SECONDS, "email": TO, "Payload": "", **ids, **facts}


def sendgrid(event: str, **facts: str) -> Any:
    ids = {"smtp-id": "<14c5d75ce93.dfd.64b469@ismtpd-555>", "sg_message_id": "14c5d75ce93.dfd.64b469.filter0001"}
    return [
        {
            "email": TO,
            "timestamp": SECONDS,
            "event": event,
            "category": "cat facts",
            "sg_event_id": "6g4Z",
            **ids,
            **facts,
        }
    ]


def mailgun(severity: str, reason: str, code: int, description: str) -> Any:
    status = {"attempt-no": 1, "message": "", "code": code, "description": description, "session-seconds": 0.0}
    facts = {
        "event": "failed",
        "severity": severity,
        "reason": reason,
        "delivery-status": status,
        "id": "G9Bn5sl1TC6nu79C8C0bwg",
    }
    signature = {"timestamp": str(SECONDS), "token": "t" * 50, "signature": "s"}
    return {
        "signature": signature,
        "event-data": {**facts, "recipient": TO, "timestamp": float(SECONDS), "tags": ["t"]},
    }


def sparkpost(bounce_class: str, code: str, reason: str) -> Any:
    facts = {"type": "bounce", "bounce_class": bounce_class, "error_code": code, "raw_reason": reason, "reason": reason}
    ids = {"event_id": "92356927693813856", "message_id": "000443ee14578172be22", "timestamp": str(SECONDS)}
    return [{"msys": {"message_event": {**facts, **ids, "raw_rcpt_to": TO, "rcpt_to": TO}}}]


def resend(kind: str, sub_type: str, message: str) -> Any:
    bounce = {"message": message, "subType": sub_type, "type": kind}
    data = {"email_id": "56761188-7520-42d8-8898-ff6fc54ce618", "to": [TO], "from": "a@example.com", "headers": []}
    return {"type": "email.bounced", "created_at": ISO, "data": {**data, "subject": "Hi", "bounce": bounce}}


HARD = "The server was unable to deliver your message (ex: unknown user, mailbox not found)."
SOFT = "Unable to temporarily deliver message (i.e. mailbox full, account disabled, exceeds quota, out of disk space)."
SUPPRESSED = (
    "The recipient's email address is on the suppression list because it has a recent history of producing bounces."
)
EXAMPLES: list[tuple[str, Any, bool]] = [
    ("postmark", postmark(1, "HardBounce", HARD, is_inactive=True), True),
    ("postmark", postmark(4096, "SoftBounce", SOFT, is_inactive=False), False),
    ("postmark", postmark(2, "Transient", "Message delayed", is_inactive=False), False),
    ("brevo", brevo("hard_bounce", "server is down"), True),
    ("brevo", brevo("soft_bounce", "server is down"), False),
    ("brevo", brevo("deferred", "spam"), False),
    ("mailjet", mailjet("bounce", is_hard=True, about="recipient", error="user unknown"), True),
    ("mailjet", mailjet("bounce", is_hard=False, about="mailbox inactive", error="mailbox inactive"), False),
    ("mailjet", mailjet("blocked", is_hard=False, is_blocked=True, about="recipient", error="user unknown"), False),
    (
        "sendgrid",
        sendgrid(
            "bounce",
            type="bounce",
            status="5.0.0",
            reason="500 unknown recipient",
            bounce_classification="Invalid Address",
        ),
        True,
    ),
    ("sendgrid", sendgrid("bounce", status="5.0.0", reason="500 unknown recipient"), True),
    ("sendgrid", sendgrid("bounce", type="blocked", status="4.0.0", reason="400 try again later"), False),
    ("sendgrid", sendgrid("deferred", response="400 try again later", attempt="5"), False),
    ("sendgrid", sendgrid("dropped", reason="Bounced Address", status="5.0.0"), True),
    ("mailgun", mailgun("permanent", "suppress-bounce", 605, "Not delivering to previously bounced address"), True),
    ("mailgun", mailgun("temporary", "generic", 452, "Mailbox full"), False),
    ("sparkpost", sparkpost("10", "550", "550 5.1.1 unknown user"), True),
    ("sparkpost", sparkpost("1", "554", "MAIL REFUSED - IP (a.b.c.d) is in black list"), False),
    ("resend", resend("Permanent", "General", "The recipient's mail server permanently rejected it."), True),
    ("resend", resend("Permanent", "Suppressed", SUPPRESSED), False),
    ("resend", resend("Transient", "MailboxFull", "The recipient's mailbox is full."), False),
]
