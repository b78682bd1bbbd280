"""Tell whether a bounce is permanent: the mailbox does not exist, and will not tomorrow.

Anymail calls a full mailbox and one that never existed by the same name, so each provider's own fields are read. Where
they do not tell the two apart, the receiving server's words do. Only unmistakable words shut an address out for good:
one more mail that comes back costs little, but a supporter who is shut out gets nothing more and is never told.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from campaign.mail import smtp_errors

Report = Mapping[str, Any]  # as the provider wrote it

UNKNOWN = re.compile(r"\b(unknown (recipient|user)|(recipient|user) unknown|no such (recipient|user))\b", re.IGNORECASE)
NO_SUCH_ADDRESS = re.compile(r"(?<![\d.])5\.1\.\d{1,2}(?!\d|\.\d)")


def of_brevo(report: Report) -> bool:
    return report.get("event") in {"hard_bounce", "invalid_email"}


def of_mailersend(report: Report) -> bool:
    return report["data"]["type"] == "hard_bounced"


def of_mailgun(report: Report) -> bool:
    """Read both of its formats; older reports are one flat form with a code, of which 605 means an earlier bounce."""
    if "event-data" not in report:
        return str(report.get("code")) in {"550", "605"} or bool(NO_SUCH_ADDRESS.match(str(report.get("code"))))
    facts = report["event-data"]
    return facts.get("severity") == "permanent" and facts.get("reason") in {"bounce", "suppress-bounce"}


def of_mailjet(report: Report) -> bool:
    return report.get("hard_bounce") is True


def of_mailtrap(report: Report) -> bool:
    return report["event"] == "bounce"


def of_mandrill(report: Report) -> bool:
    return report.get("event") == "hard_bounce"


def of_postal(report: Report) -> bool:
    """Read the output of the server; a mail that came back later is reported without a reason, and so never counts."""
    facts = report["payload"]
    return facts.get("status") == "HardFail" and bool(NO_SUCH_ADDRESS.search(str(facts.get("output"))))


def of_postmark(report: Report) -> bool:
    """Read the type; a report that Postmark itself suppresses an address has it as SuppressionReason."""
    return (report.get("Type") or report.get("SuppressionReason")) in {"HardBounce", "BadEmailAddress"}


def of_resend(report: Report) -> bool:
    """Read the type; its older reports have only a sentence."""
    facts = report["data"]["bounce"]
    kind, words = facts.get("type"), str(facts.get("message"))
    if kind:
        return kind == "Permanent" and facts.get("subType") != "Suppressed"
    return "hard bounce" in words


def of_sendgrid(report: Report) -> bool:
    """Read the class, else the status, else the words; `dropped`: not even tried, because of an earlier bounce.

    Its own example of a permanent bounce has the status 5.0.0, which tells nothing; older reports have no type.
    """
    if report["event"] == "dropped":
        return str(report.get("reason")).lower() in {"invalid", "bounced address"}
    if report.get("type", "bounce") != "bounce":
        return False
    classified, status = report.get("bounce_classification"), str(report.get("status"))
    is_unnamed = not classified and status == "5.0.0" and bool(UNKNOWN.search(str(report.get("reason"))))
    return classified == "Invalid Address" or bool(NO_SUCH_ADDRESS.match(status)) or is_unnamed


def of_sparkpost(report: Report) -> bool:
    """Read the class: 10 is an invalid recipient, 30 no recipient."""
    (facts,) = report["msys"].values()
    return facts.get("bounce_class") in {"10", "30"}


IS_FOR_GOOD: dict[str, Callable[[Report], bool]] = {
    "brevo": of_brevo,
    "mailersend": of_mailersend,
    "mailgun": of_mailgun,
    "mailjet": of_mailjet,
    "mailtrap": of_mailtrap,
    "mandrill": of_mandrill,
    "postal": of_postal,
    "postmark": of_postmark,
    "resend": of_resend,
    "sendgrid": of_sendgrid,
    "sparkpost": of_sparkpost,
}


def is_filtered(report: Report) -> bool:
    """Return whether a filter took the mail for spam: to Anymail a complaint, although nobody complained (Postmark)."""
    return report.get("Type") == "SpamNotification"


def is_for_good(provider: str, report: Report, server_said: str) -> bool:
    """Return whether the bounce is permanent; `server_said` are the receiving server's words, as far as passed on."""
    try:
        return IS_FOR_GOOD[provider](report) and not smtp_errors.may_pass(server_said)
    except (KeyError, TypeError, ValueError, AttributeError):
        return False
