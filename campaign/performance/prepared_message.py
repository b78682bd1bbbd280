"""A message that is put together quickly: the same message in half the time.

The standard library makes a new class for each header of each message, and with every class that comes and goes Python
looks up attributes anew everywhere. It also parses again and again what all mails say alike.
"""

from email.headerregistry import HeaderRegistry
from email.message import EmailMessage
from email.policy import EmailPolicy, default
from functools import lru_cache
from typing import Any

from django.core.mail import EmailMultiAlternatives

from campaign.performance.mail_headers import header_line

# They name nobody, so they may be kept; but for the boundary, which is another in each message.
ALIKE = {"from", "mime-version", "content-type", "content-transfer-encoding", "auto-submitted", "list-unsubscribe-post"}


class KeptHeaders(HeaderRegistry):
    """One class for each name of a header."""

    def __init__(self) -> None:
        super().__init__()
        self.classes: dict[str, type] = {}

    def __getitem__(self, name: str) -> type:
        if name not in self.classes:
            self.classes[name] = super().__getitem__(name)
        return self.classes[name]


class KeptPolicy(EmailPolicy):
    def fold(self, name: str, value: Any) -> str:
        line = header_line(name, value)
        return super().fold(name, value) if line is None else line.replace("\r\n", self.linesep) + self.linesep

    def fold_binary(self, name: str, value: Any) -> bytes:
        line = header_line(name, value)
        return super().fold_binary(name, value) if line is None else self.fold(name, value).encode()

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        is_alike = name.lower() in ALIKE and type(value) is str and "boundary=" not in value
        return parsed(name, value) if is_alike else super().header_store_parse(name, value)


POLICY = KeptPolicy(header_factory=KeptHeaders())


@lru_cache(maxsize=256)
def parsed(name: str, value: str) -> tuple[str, Any]:
    return EmailPolicy.header_store_parse(POLICY, name, value)


class PreparedMessage(EmailMultiAlternatives):
    def message(self, *, policy: Any = default) -> EmailMessage:
        return super().message(policy=POLICY.clone(linesep=policy.linesep))
