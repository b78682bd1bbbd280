"""The letter as the office gets it, and the hash that binds preview, confirmation and delivery to the same text."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from letters.models.sender import Sender


@dataclass(frozen=True)
class Message:
    subject: str
    body: str  # the constituent's words
    text: str  # with the closing, name and address

    @property
    def sha256(self) -> str:
        return hashlib.sha256(f"{self.subject}\n\n{self.text}".encode()).hexdigest()


def render(subject: str, body: str, sender: Sender) -> Message:
    closing = "\n".join(["Sincerely,", "", *sender.lines])
    return Message(subject, body, f"{body}\n\n{closing}\n")


def seal(hashes: Iterable[str]) -> str:
    """Return one hash for all letters of a submission, in the order in which they are shown."""
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()
