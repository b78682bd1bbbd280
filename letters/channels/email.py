"""E-mail to the address that an office gave: from the coalition's own address, the constituent as Reply-To.

Over SMTP the letter is handed over just before DATA: what fails earlier has certainly not arrived, what breaks later
may have. Other mailers tell nothing of their steps, so with them everything from the call on is ambiguous.
"""

import smtplib
from email.headerregistry import Address
from functools import partial
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, mailers

from campaign.outbox import answers
from campaign.outbox.answers import Meaning
from campaign.outbox.models import OUTAGE
from campaign.outbox.sending import named
from letters.channels.base import Accepted, Answer, HandOver, Later, Rejected, Unknown
from letters.channels.remote import RemoteChannel, Unreachable
from letters.models import ChannelName, Delivery, Office
from letters.rendering import Message


class EmailChannel(RemoteChannel):
    name = ChannelName.EMAIL

    def __init__(self) -> None:
        self.mailer: Any = mailers.default

    def reaches(self, office: Office) -> bool:
        return bool(office.email)

    def send(self, delivery: Delivery, message: Message, hand_over: HandOver) -> Answer:
        mail, gate = build(delivery, message), Gate(hand_over)
        try:
            self.mailer.open()
        except answers.ERRORS as error:
            raise unusable(error) from error
        try:
            gate.stand_before(self.mailer)
            self.mailer.send_messages([mail])
        except answers.ERRORS as error:
            self.close()
            return meaning(error, is_out=gate.is_open)
        return Accepted(gate.reply)

    def close(self) -> None:
        """A connection that is broken may fail to say goodbye."""
        try:
            self.mailer.close()
        except answers.ERRORS:
            self.mailer = mailers.default


class Gate:
    """Calls `hand_over` at the last moment before anything leaves, and keeps what the mail server said after it."""

    def __init__(self, hand_over: HandOver) -> None:
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


def build(delivery: Delivery, message: Message) -> EmailMessage:
    sender = delivery.letter.constituent.sender
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    return EmailMessage(
        message.subject,
        message.text,
        to=[delivery.letter.office.email],
        reply_to=[str(Address(sender.full_name, addr_spec=sender.email))],
        headers={"Message-ID": f"<{delivery.delivery_id}@{domain}>"},
    )


def meaning(error: Exception, *, is_out: bool) -> Answer:
    """What an error says about the letter; `is_out`: whether it may have left before. Raises Unreachable."""
    found = answers.meaning(error)
    if found is Meaning.REFUSED:
        return Rejected(words(error))
    if found is Meaning.DEFERRED:
        return Later(words(error))
    if found is Meaning.BROKEN:
        return Unknown(type(error).__name__) if is_out else Later(f"the mail server hung up: {error}")
    raise unusable(error)


def unusable(error: Exception) -> Unreachable:
    return Unreachable(f"{OUTAGE}: {named(error)}", error)


def words(error: Exception) -> str:
    """An office's address is public, and staff need to know what its server said."""
    answer = answers.answer_about(error)
    return f"{answer[0]} {answer[1]}" if answer else f"the mail provider refused: {error}"
