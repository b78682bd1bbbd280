"""What a mail says about a letter, and whether it can be believed."""

import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr

from django.conf import settings

from letters.delivery.inbound.messages import body_text

DELIVERY_ID = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])", re.IGNORECASE)
WORDS = r"(?:rejected|refused|not[ _-]accepted|undeliverable|undelivered|failed|invalid|error)"
# A field of its own, or the subject: prose such as “if you got this in error” tells nothing.
REFUSAL_FIELD = re.compile(
    rf"^[\W_]*(?:{WORDS}\s*[:=]"
    rf"|(?:message |delivery )?(?:status|result|state|action|outcome|disposition)\s*[:=]\s*{WORDS}\b"
    rf"|(?:code|http status|status code|status)\s*[:=]\s*4\d\d\b)"
    rf"|<errors?>",
    re.IGNORECASE | re.MULTILINE,
)
REFUSAL_SUBJECT = re.compile(
    r"\b(?:message|letter|delivery|submission|was|been)\b.*\b(?:rejected|refused|not accepted|undeliverable|failed)\b",
    re.IGNORECASE,
)
PASSED = re.compile(r"\bdkim=pass\b[^;]*\bheader\.(?:d|i)=@?([\w.-]+)", re.IGNORECASE)
LONGEST_REASON = 1000


@dataclass(frozen=True)
class Refusal:
    ids: frozenset[str]
    reason: str


def refusal_in(message: EmailMessage) -> Refusal | None:
    """Return the refusal; None for anything that is not a proven refusal of a letter that it names."""
    text, subject = body_text(message), str(message.get("Subject", ""))
    ids = frozenset(found.lower() for found in DELIVERY_ID.findall(f"{subject}\n{text}"))
    is_refusal = REFUSAL_FIELD.search(text) or REFUSAL_SUBJECT.search(subject)
    if not ids or not is_refusal or not is_proven(message):
        return None
    return Refusal(ids, " ".join(text.split())[:LONGEST_REASON])


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
