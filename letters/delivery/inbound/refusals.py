"""What a mail says about a letter, and whether it can be believed."""

import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr

from django.conf import settings

DELIVERY_ID = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")
REFUSAL_CODE = re.compile(
    r"\b(?:rejected|refused|not (?:be )?accepted|undeliverable|invalid|not in the state|error)\b", re.IGNORECASE
)
PASSED = re.compile(r"\bdkim=pass\b[^;]*\bheader\.(?:d|i)=@?([\w.-]+)", re.IGNORECASE)
LONGEST_REASON = 1000


@dataclass(frozen=True)
class Refusal:
    ids: frozenset[str]
    reason: str


def refusal_in(message: EmailMessage) -> Refusal | None:
    """Return the refusal; None for anything that is not a proven refusal of a letter that it names."""
    text = body_text(message)
    ids = frozenset(DELIVERY_ID.findall(f"{message.get('Subject', '')}\n{text}"))
    if not ids or not REFUSAL_CODE.search(text) or not is_proven(message):
        return None
    return Refusal(ids, " ".join(text.split())[:LONGEST_REASON])


def body_text(message: EmailMessage) -> str:
    """Return all its plain text and XML."""
    parts = [
        part for part in message.walk() if part.get_content_type() in {"text/plain", "text/xml", "application/xml"}
    ]
    return "\n".join(as_text(part) for part in parts)


def as_text(part: EmailMessage) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def is_proven(message: EmailMessage) -> bool:
    """Return whether the topmost Authentication-Results, which only our own mail server adds, prove the sender."""
    sender = domain_of_sender(parseaddr(str(message.get("From", "")))[1])
    results = [str(value) for value in message.get_all("Authentication-Results", [])]
    if not results or not any(is_within(sender, allowed) for allowed in settings.LETTER_INBOX_SENDERS):
        return False
    server, _, findings = results[0].partition(";")
    is_ours = bool(settings.LETTER_INBOX_SERVER) and server.strip().lower() == settings.LETTER_INBOX_SERVER.lower()
    return is_ours and any(is_aligned(sender, signer.lower()) for signer in PASSED.findall(findings))


def is_aligned(sender: str, signer: str) -> bool:
    """Return whether a signature of `signer` speaks for mail from `sender`."""
    is_allowed = any(is_within(signer, allowed) for allowed in settings.LETTER_INBOX_SENDERS)
    return is_allowed and is_within(sender, signer)


def domain_of_sender(address: str) -> str:
    return address.rpartition("@")[2].lower()


def is_within(domain: str, parent: str) -> bool:
    """Return whether `domain` is `parent` or a subdomain of it.

    >>> is_within("mail.senate.gov", "senate.gov"), is_within("evilsenate.gov", "senate.gov")
    (True, False)
    """
    return domain == parent or domain.endswith(f".{parent}")
