"""A mail backend that puts every message into a folder as one `.eml` file, written whole or not at all."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone


class EmailBackend(BaseEmailBackend):
    def __init__(self, folder: Path, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.folder = Path(folder)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for message in email_messages:
            name = f"{timezone.now():%Y%m%dT%H%M%S.%f}-{uuid4().hex[:8]}.eml"
            unfinished = self.folder / f"{name}.unfinished"
            unfinished.write_bytes(message.message().as_bytes())
            unfinished.replace(self.folder / name)
        return len(email_messages)
