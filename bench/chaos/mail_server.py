"""A mail server that keeps a record of what it was given, and that answers as badly as it is told to.

Its record is the truth about what arrived: the checker believes it and nobody else.
"""

import asyncio
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import StrEnum
from time import time

PAUSE_OF_READERS = 0.3  # seconds for each newsletter, so that an issue is on its way while something fails
HANG = 600.0
LETTER = re.compile(r"<?([0-9a-f]{32})(?![0-9a-f])")  # by mail, or as the Senate's system knows it


@dataclass(frozen=True)
class Taken:
    """A mail that is here now. `is_cut`: who sent it was not told so."""

    at: float
    recipient: str
    message_id: str
    reply_to: str = ""
    text: str = ""
    is_cut: bool = False

    @property
    def kind(self) -> str:
        """The kind of outbox item that its Message-ID is made of (campaign/mail/handler.py), or that it is a letter."""
        return "letter" if LETTER.match(self.message_id) else kind_of(self.message_id)

    @property
    def is_letter(self) -> bool:
        return self.kind == "letter"

    @property
    def is_newsletter(self) -> bool:
        return self.kind == "pages.newsletter"

    @property
    def delivery_id(self) -> str:
        found = LETTER.match(self.message_id)
        return found[1] if found else ""


def kind_of(message_id: str) -> str:
    return message_id.strip("<>").partition("@")[0].rpartition(".")[0]


@dataclass(frozen=True)
class Refusal:
    at: float
    recipient: str
    code: int

    @property
    def is_final(self) -> bool:
        return self.code >= 500


class Mood(StrEnum):
    WELL = "well"
    AWAY = "421 to everybody"
    DEFERS = "451 to some"
    REFUSES = "550 to some"
    HANGS = "says nothing any more"
    ENDS_IN_DATA = "closes in the middle of a mail"
    ENDS_AFTER_DOT = "takes the mail and closes without a word"
    SLOW = "takes seconds for each mail"


@dataclass
class MailServer:
    chance: random.Random
    mood: Mood = Mood.WELL
    share: float = 1.0  # of mails that the mood is for
    taken: list[Taken] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    listener: Callable[[Taken], None] = lambda mail: None
    on_refusal: Callable[[str], None] = lambda recipient: None  # for good
    port: int = 0
    conversations: set[asyncio.Task[None]] = field(default_factory=set)

    async def start(self) -> None:
        server = await asyncio.start_server(self.converse, "127.0.0.1", 0, limit=1 << 20)
        self.port = int(server.sockets[0].getsockname()[1])

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self.conversations.add(task)
        try:
            await Conversation(self, reader, writer).hold()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # whoever hangs is hung up on once the server is well again
        finally:
            self.conversations.discard(task)
            writer.close()

    def is_struck(self, mood: Mood) -> bool:
        return self.mood is mood and self.chance.random() < self.share

    def refuse(self, recipient: str, code: int) -> None:
        refusal = Refusal(time(), recipient, code)
        self.refusals.append(refusal)
        if refusal.is_final:
            self.on_refusal(recipient)

    def keep(self, recipient: str, raw: bytes, *, is_cut: bool) -> None:
        message = message_from_bytes(raw, policy=policy.default)
        assert isinstance(message, EmailMessage)
        body = message.get_body(("plain",))
        text = "\n".join([body.get_content() if body else "", str(message["List-Unsubscribe"] or "").strip("<>")])
        mail = Taken(time(), recipient, str(message["Message-ID"]), str(message["Reply-To"] or ""), text, is_cut)
        self.taken.append(mail)
        self.listener(mail)


class Conversation:
    def __init__(self, server: MailServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.server, self.reader, self.writer = server, reader, writer
        self.recipient = ""

    async def hold(self) -> None:
        if self.server.is_struck(Mood.AWAY):
            await self.say("421 come back later")
            return
        await self.say("220 here")
        while line := await self.reader.readline():
            command = line[:4].decode("ascii", "replace").strip().upper()
            if self.server.is_struck(Mood.HANGS):
                await asyncio.sleep(HANG)
            if command == "QUIT":
                await self.say("221 goodbye")
                return
            if command == "DATA" and self.recipient:
                if not await self.take():
                    return
            else:
                await self.say(self.answer(command, line))

    async def say(self, line: str) -> None:
        self.writer.write(f"{line}\r\n".encode())
        await self.writer.drain()

    def answer(self, command: str, line: bytes) -> str:
        if command == "MAIL":
            self.recipient = ""
        if command != "RCPT":
            return "250 OK"
        recipient = line.decode("ascii", "replace").partition("<")[2].partition(">")[0]
        for mood, code in ((Mood.DEFERS, 451), (Mood.REFUSES, 550)):
            if self.server.is_struck(mood):
                self.server.refuse(recipient, code)
                return f"{code} not this one"
        self.recipient = recipient
        return "250 OK"

    async def take(self) -> bool:
        """Take one mail; return whether the conversation goes on."""
        await self.say("354 go on")
        if self.server.is_struck(Mood.ENDS_IN_DATA):
            await self.reader.readline()
            self.writer.transport.abort()
            return False
        raw = await self.reader.readuntil(b"\r\n.\r\n")
        if "reader" in self.recipient:
            await asyncio.sleep(PAUSE_OF_READERS)
        if self.server.is_struck(Mood.SLOW):
            await asyncio.sleep(self.server.chance.uniform(1, 6))
        is_cut = self.server.is_struck(Mood.ENDS_AFTER_DOT)
        self.server.keep(self.recipient, raw[:-3].replace(b"\r\n..", b"\r\n."), is_cut=is_cut)
        if is_cut:
            self.writer.transport.abort()
            return False
        await self.say("250 queued")
        return True
