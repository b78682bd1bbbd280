"""Mail that says that a letter did not arrive: reports of RFC 3464, and what older mail servers write instead.

Only headers and codes are read. A report of a delay, or of a delivery, is not about a letter that came back.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage, Message
from email.utils import parseaddr

from campaign.mail import smtp_errors
from letters.delivery.inbound.messages import body_text

DAEMONS = {"mailer-daemon", "postmaster"}
FAILURE = re.compile(
    r"^.*(?<![\d.])(?:5\d\d[ -]+)?#?5\.\d{1,3}\.\d{1,3}(?!\d|\.\d).*$|^.*(?<![\d.])55\d[ -].*$", re.MULTILINE
)


@dataclass(frozen=True)
class Bounce:
    reason: str

    @property
    def is_address_dead(self) -> bool:
        return smtp_errors.is_no_address(self.reason)


def is_report(message: EmailMessage) -> bool:
    """Return whether a mail server or program wrote it about what became of a letter; False for an answer."""
    return message.get_content_type() == "multipart/report" or any(recipients(message))


def bounce_in(message: EmailMessage) -> Bounce | None:
    """Return the bounce; None for anything that does not say that a letter is not delivered, and will not be."""
    if is_report(message):
        failed = [one for one in recipients(message) if str(one.get("Action", "")).strip().lower() == "failed"]
        return Bounce(reason_in(failed[0])) if failed else None
    if not is_from_mail_server(message):
        return None
    text = body_text(message)
    if message.get("X-Failed-Recipients") or FAILURE.search(text):
        found = FAILURE.search(text)
        return Bounce(" ".join((found[0] if found else "the mail server gives no code").split()))
    return None


def recipients(message: EmailMessage) -> Iterator[Message]:
    """Yield the fields about each recipient that a report holds."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            yield from (block for block in blocks if isinstance(block, Message) and block.get("Action"))


def reason_in(fields: Message) -> str:
    """Return status and words, such as “5.1.1 550 5.1.1 no such user”."""
    words = str(fields.get("Diagnostic-Code", "")).partition(";")[2]
    return " ".join(f"{fields.get('Status', '')} {words}".split())


def is_from_mail_server(message: EmailMessage) -> bool:
    sender = parseaddr(str(message.get("From", "")))[1].rpartition("@")[0].lower()
    return sender in DAEMONS or str(message.get("Return-Path", "")).strip() == "<>"
