"""A mail backend that puts every message into a folder as one `.eml` file, written whole or not at all."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone


class NotWritten(OSError):
    """The folder does not take the file: no mail was there for a moment, and nothing is left of it."""


class EmailBackend(BaseEmailBackend):
    def __init__(self, folder: Path, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.folder = Path(folder)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Raises NotWritten."""
        for message in email_messages:
            self.put(message.message().as_bytes())
        return len(email_messages)

    def put(self, content: bytes) -> None:
        name = f"{timezone.now():%Y%m%dT%H%M%S.%f}-{uuid4().hex[:8]}.eml"
        unfinished = self.folder / f"{name}.unfinished"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            unfinished.write_bytes(content)
            unfinished.replace(self.folder / name)
        except OSError as error:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
            raise NotWritten(error.errno, error.strerror or str(error)) from error
