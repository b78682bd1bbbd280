"""What an error on the way to the mail server means for the mail, the same for everything that is sent by mail."""

from enum import Enum, auto
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPServerDisconnected

from anymail.exceptions import AnymailError, AnymailInvalidAddress, AnymailRecipientsRefused

ERRORS = (SMTPException, AnymailError, OSError, ValueError)  # ValueError: Django's, for what cannot stand in a mail
LOGIN = {530, 534, 535, 538}  # of SMTP: also a server that asks for one only when it hears the recipient
UNBLAMED = {401, 403, 407, 408, 429}  # of HTTP: the account or the pace is at fault, not the mail


class Meaning(Enum):
    REFUSED = auto()  # this mail, for good
    DEFERRED = auto()  # this mail, for now
    UNUSABLE = auto()  # no mail of ours is taken now: nobody there, no login, a sender that it does not know
    BROKEN = auto()  # the line was cut while the mail was on it: it may have arrived


def meaning(error: Exception) -> Meaning:
    """Of an error while one mail was handed over; one while the line was opened is always UNUSABLE."""
    answer = answer_about(error)
    if answer and answer[0] not in LOGIN:
        return Meaning.REFUSED if answer[0] >= 500 else Meaning.DEFERRED
    if isinstance(error, AnymailError):
        return of_provider(error)
    if isinstance(error, ValueError):
        return Meaning.REFUSED
    is_about_us = isinstance(error, SMTPException) and not isinstance(error, SMTPServerDisconnected)
    return Meaning.UNUSABLE if is_about_us else Meaning.BROKEN


def answer_about(error: Exception) -> tuple[int, str] | None:
    """Code and words of an SMTP server about this recipient or this text; None if it spoke of neither."""
    if isinstance(error, SMTPRecipientsRefused):
        return in_words(*next(iter(error.recipients.values())))
    if isinstance(error, SMTPDataError):
        return in_words(error.smtp_code, error.smtp_error)
    return None


def in_words(code: int, reply: bytes | str) -> tuple[int, str]:
    return code, reply.decode(errors="replace") if isinstance(reply, bytes) else reply


def of_provider(error: AnymailError) -> Meaning:
    """4xx over HTTP: it did not take the mail. Else it may have."""
    if isinstance(error, (AnymailRecipientsRefused, AnymailInvalidAddress)):
        return Meaning.REFUSED
    code = error.status_code
    if code is None or code >= 500:
        return Meaning.BROKEN
    return Meaning.UNUSABLE if code in UNBLAMED else Meaning.DEFERRED
