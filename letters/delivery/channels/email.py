"""Email to the address that an office gave: from the coalition's own address, with the constituent as Reply-To.

Over SMTP the letter is handed over just before DATA: what fails earlier has certainly not arrived, what breaks later
may have. Other mailers do not tell their steps, so with them everything from the call on is ambiguous.
"""

import smtplib
from email.headerregistry import Address
from functools import partial
from smtplib import SMTPRecipientsRefused
from typing import Any

from anymail.exceptions import AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import EmailMessage, mailers

from campaign.mail import smtp_errors
from campaign.mail.smtp_errors import Meaning
from campaign.outbox.handlers import OUTAGE, SHORTAGE
from campaign.performance.prepared_message import PreparedMessage
from campaign.protection.inputs.line_breaks import fold_line
from letters.delivery.channels.base import Accepted, Answer, BeforeHandOver, Failed, Later, Rejected, Unknown
from letters.delivery.channels.remote import RemoteChannel, Unreachable
from letters.delivery.returned_mail import marks
from letters.models import ChannelName, Delivery, Office
from letters.models.message import Message


class EmailChannel(RemoteChannel):
    name = ChannelName.EMAIL

    def __init__(self) -> None:
        self.mailer: Any = mailers.default

    def reaches(self, office: Office) -> bool:
        return bool(office.email) and not office.is_email_stopped

    def send(self, delivery: Delivery, message: Message, hand_over: BeforeHandOver) -> Answer:
        mail, gate = build_letter(delivery, message), Gate(hand_over)
        try:
            mail.message()
        except ValueError as error:
            return Failed(f"this program cannot write it: {error}")
        try:
            self.mailer.open()
        except smtp_errors.ERRORS as error:
            raise unreachable_because(error, smtp_errors.of_opening(error)) from error
        try:
            gate.stand_before(self.mailer)
            self.mailer.send_messages([mail])
        except smtp_errors.ERRORS as error:
            self.close()
            return answer_for_error(error, is_out=gate.is_open)
        return Accepted(gate.reply)

    def close(self) -> None:
        """Close the connection; a broken one may fail to say goodbye."""
        try:
            self.mailer.close()
        except smtp_errors.ERRORS:
            self.mailer = mailers.default


class Gate:
    """Calls `hand_over` at the last moment before anything leaves, and keeps what the mail server said after it."""

    def __init__(self, hand_over: BeforeHandOver) -> None:
        self.hand_over = hand_over
        self.is_open = False
        self.reply = ""

    def stand_before(self, mailer: Any) -> None:
        smtp = getattr(mailer, "connection", None)
        if isinstance(smtp, smtplib.SMTP):
            vars(smtp)["data"] = partial(self.pass_data, smtp)
        else:
            self.open()

    def pass_data(self, smtp: smtplib.SMTP, text: Any) -> tuple[int, bytes]:
        self.open()
        code, reply = type(smtp).data(smtp, text)
        self.reply = f"{code} {reply.decode(errors='replace')}"
        return code, reply

    def open(self) -> None:
        self.hand_over()
        self.is_open = True


def build_letter(delivery: Delivery, message: Message) -> EmailMessage:
    sender = delivery.letter.constituent.sender
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    mail = PreparedMessage(
        fold_line(message.subject),
        message.text,
        to=[delivery.letter.office.email],
        reply_to=[str(Address(sender.full_name, addr_spec=sender.email))],
        headers={"Message-ID": f"<{marks.mark_of(delivery.delivery_id)}@{domain}>"},
    )
    (marks.tell_provider if settings.EMAIL_PROVIDER else marks.set_return_path)(mail, delivery.delivery_id)
    return mail


def answer_for_error(error: Exception, *, is_out: bool) -> Answer:
    """Return what an error means for the letter; `is_out` tells whether it may have left before. Raises Unreachable."""
    found = smtp_errors.meaning(error)
    if found is Meaning.REFUSED:
        words = error_in_words(error)
        is_of_recipient = isinstance(error, SMTPRecipientsRefused | AnymailRecipientsRefused)
        return Rejected(words, is_address_dead=is_of_recipient and smtp_errors.is_no_address(words))
    if found is Meaning.DEFERRED:
        return Later(error_in_words(error))
    if found is Meaning.UNWRITABLE:
        return Unknown(type(error).__name__) if is_out else Failed(f"this program cannot write it: {error}")
    if found is Meaning.BROKEN:
        return Unknown(type(error).__name__) if is_out else Later(f"the mail server hung up: {error}")
    raise unreachable_because(error, found)


def unreachable_because(error: Exception, found: Meaning) -> Unreachable:
    return Unreachable(f"{SHORTAGE if found is Meaning.SHORTAGE else OUTAGE}: {smtp_errors.named(error)}", error)


def error_in_words(error: Exception) -> str:
    """Return the error in words: an office's address is public, and staff need to know what its server said."""
    answer = smtp_errors.answer_about(error)
    return f"{answer[0]} {answer[1]}" if answer else f"the mail provider refused: {error}"
