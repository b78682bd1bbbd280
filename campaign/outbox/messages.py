"""A message that is put together quickly.

The standard library makes a new class for each header of each message, and with every class that comes and goes Python
looks up attributes anew everywhere: a fifth of what a mail took.
"""

from email.headerregistry import HeaderRegistry
from email.message import EmailMessage
from email.policy import default
from typing import Any

from django.core.mail import EmailMultiAlternatives


class KeptHeaders(HeaderRegistry):
    """One class for each name of a header."""

    def __init__(self) -> None:
        super().__init__()
        self.classes: dict[str, type] = {}

    def __getitem__(self, name: str) -> type:
        if name not in self.classes:
            self.classes[name] = super().__getitem__(name)
        return self.classes[name]


HEADERS = KeptHeaders()


class Message(EmailMultiAlternatives):
    def message(self, *, policy: Any = default) -> EmailMessage:
        return super().message(policy=policy.clone(header_factory=HEADERS))
