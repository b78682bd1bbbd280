"""Tell what an error on the way to the mail server means for a mail, in the same way for everything that is mailed."""

import re
from enum import Enum, auto
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPServerDisconnected

from anymail.exceptions import AnymailError, AnymailRecipientsRefused, AnymailSerializationError

from campaign.database import outages
from campaign.mail.eml_backend import NotWritten

ERRORS = (SMTPException, AnymailError, OSError, ValueError)  # ValueError: Django's, for what it cannot write
# Codes of RFC 3463: class, subject, detail. There are eight subjects, so "Exim 4.94.2" is none.
ENHANCED = re.compile(r"(?<![\d.])[245]\.[0-7]\.\d{1,3}(?![\d.]*\.\d|\d)")
NO_MAILBOX = re.compile(r"(?<![\d.])55[013](?![\d.]*\d)")
# Temporary failures (4.), a full mailbox (5.2.2), a system, route or policy in the way (5.3, 5.4, 5.7).
MAY_PASS = re.compile(r"4\..*|5\.2\.2|5\.[347]\..*")
FULL = re.compile(r"(mailbox|inbox|account) (is |was )?full|quota", re.IGNORECASE)
LOGIN = {530, 534, 535, 538}  # SMTP: a login is required; some servers say so only when they hear the recipient
UNBLAMED = {401, 403, 407, 408, 429}  # HTTP: the account or the pace is at fault, not the mail


class Meaning(Enum):
    REFUSED = auto()  # this mail, for good
    DEFERRED = auto()  # this mail, for now
    UNUSABLE = auto()  # no mail of ours is taken now: nobody there, no login, a sender that it does not know
    SHORTAGE = auto()  # this machine cannot: its disk is full, or the like
    UNWRITABLE = auto()  # never left this program, which cannot write it: no server has said anything
    BROKEN = auto()  # the line was cut while the mail was on it: it may have arrived


def meaning(error: Exception) -> Meaning:
    """Return the meaning of an error that came while one mail was handed over; for one before, see `of_opening`."""
    if isinstance(error, NotWritten):
        return Meaning.SHORTAGE
    answer = answer_about(error)
    if answer and answer[0] not in LOGIN:
        return Meaning.REFUSED if answer[0] >= 500 and not may_pass(answer[1]) else Meaning.DEFERRED
    if isinstance(error, ValueError | AnymailSerializationError):  # several of Anymail's are a ValueError
        return Meaning.UNWRITABLE
    if isinstance(error, AnymailError):
        return of_provider(error)
    is_about_us = isinstance(error, SMTPException) and not isinstance(error, SMTPServerDisconnected)
    return Meaning.UNUSABLE if is_about_us else Meaning.BROKEN


def of_opening(error: Exception) -> Meaning:
    """Return the meaning of an error that came while the connection was opened, before any mail was handed over."""
    return Meaning.SHORTAGE if outages.trouble_in_words(error) else Meaning.UNUSABLE


def answer_about(error: Exception) -> tuple[int, str] | None:
    """Return code and words of an SMTP server about this recipient or this text; None if it spoke of neither."""
    if isinstance(error, SMTPRecipientsRefused):
        return in_words(*next(iter(error.recipients.values())))
    if isinstance(error, SMTPDataError):
        return in_words(error.smtp_code, error.smtp_error)
    return None


def may_pass(words: str) -> bool:
    """Return whether a mail server says that it is not the mail or its address that it minds for good.

    Its first code of RFC 3463 decides; its words only if it gives none.

    >>> [may_pass(words) for words in ("5.7.1 relay access denied", "5.2.2 over quota", "mailbox full")]
    [True, True, True]
    >>> [may_pass(words) for words in ("5.1.1 unknown; 4.2.2 for others", "no such user (Exim 4.94.2)", "spam")]
    [False, False, False]
    """
    code = ENHANCED.search(words)
    return bool(MAY_PASS.fullmatch(code[0]) if code else FULL.search(words))


def is_no_address(words: str) -> bool:
    """Return whether a mail server says that there is no such mailbox, nor will be; by its codes, not by its words.

    >>> [is_no_address(words) for words in ("550 5.1.1 unknown", "550 no", "550 5.7.1 policy", "552 5.2.2 full")]
    [True, True, False, False]
    """
    enhanced = [code for code in ENHANCED.findall(words) if code != "5.0.0"]
    if enhanced:
        return any(code.startswith("5.1.") or code == "5.2.1" for code in enhanced)
    return bool(NO_MAILBOX.search(words))


def in_words(code: int, reply: bytes | str) -> tuple[int, str]:
    return code, reply.decode(errors="replace") if isinstance(reply, bytes) else reply


def named(error: Exception) -> str:
    """Return the error's code or else its class, without the server's words, which may hold the address.

    What this machine lacks is told in words.
    """
    if trouble := outages.trouble_in_words(error):
        return trouble
    if isinstance(error, NotWritten):
        return "the folder for mail takes no files"
    answer = answer_about(error)
    code = answer[0] if answer else getattr(error, "smtp_code", None) or getattr(error, "status_code", None)
    return str(code or type(error).__name__)


def of_provider(error: AnymailError) -> Meaning:
    """Return the meaning of a provider's error. After a 4xx it has not taken the mail; after any other it may have."""
    if isinstance(error, AnymailRecipientsRefused):
        return Meaning.REFUSED
    code = error.status_code
    if code is None or code >= 500:
        return Meaning.BROKEN
    return Meaning.UNUSABLE if code in UNBLAMED else Meaning.DEFERRED
