"""A mail server that keeps what it is given, and that can be told to answer badly."""

import asyncio
import time
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

ACCEPTED = "250 OK"


@dataclass(frozen=True)
class Mail:
    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage
    raw: bytes  # as it came over the line
    received_at: float = field(default_factory=time.time)

    @property
    def text(self) -> str:
        body = self.message.get_body(("plain",))
        return body.get_content() if body else ""


class SmtpSink:
    """`answers` and `delays` go by recipient address, or by "*" for all that are not named."""

    def __init__(self, port: int) -> None:
        self.mails: list[Mail] = []
        self.answers: dict[str, str] = {}
        self.delays: dict[str, float] = {}
        self.controller = Controller(self, hostname="127.0.0.1", port=port, ready_timeout=60)
        self.url = f"smtp://127.0.0.1:{port}"

    def start(self) -> None:
        self.controller.start()

    def stop(self) -> None:
        self.controller.stop()

    def reset(self) -> None:
        self.mails.clear()
        self.answers.clear()
        self.delays.clear()

    def to(self, address: str) -> list[Mail]:
        return [mail for mail in list(self.mails) if address in mail.recipients]

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await asyncio.sleep(self.delays.get(address, self.delays.get("*", 0)))
        answer = self.answers.get(address, self.answers.get("*", ACCEPTED))
        if answer == ACCEPTED:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd
        raw = envelope.original_content or b""
        message = message_from_bytes(raw, policy=policy.default)
        self.mails.append(Mail(envelope.mail_from or "", tuple(envelope.rcpt_tos), message, raw))
        return ACCEPTED
