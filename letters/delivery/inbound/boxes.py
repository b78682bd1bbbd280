"""Mailboxes that can be read: a folder of .eml files, or IMAP over TLS.

file:///var/mail/ack        read files go into the subfolders `refusals` and `others`
imaps://user:password@host/INBOX
"""

import imaplib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

SCHEMES = ("file", "imaps")
IMAP_TIMEOUT = 30  # seconds


class Box(Protocol):
    def unread(self) -> Iterator[tuple[str, bytes]]: ...

    def mark_read(self, key: str, *, is_known: bool) -> None: ...


class Folder:
    def __init__(self, path: Path) -> None:
        self.path = path

    def unread(self) -> Iterator[tuple[str, bytes]]:
        for file in sorted(self.path.glob("*.eml")):
            yield file.name, file.read_bytes()

    def mark_read(self, key: str, *, is_known: bool) -> None:
        target = self.path / ("refusals" if is_known else "others")
        target.mkdir(exist_ok=True)
        (self.path / key).replace(target / key)


class Imap:
    def __init__(self, connection: imaplib.IMAP4) -> None:
        self.connection = connection

    def unread(self) -> Iterator[tuple[str, bytes]]:
        _status, found = self.connection.uid("SEARCH", "UNSEEN")
        for key in (found[0] or b"").split():
            _status, parts = self.connection.uid("FETCH", key.decode(), "(BODY.PEEK[])")
            yield from ((key.decode(), part[1]) for part in parts if isinstance(part, tuple))

    def mark_read(self, key: str, *, is_known: bool) -> None:
        self.connection.uid("STORE", key, "+FLAGS", r"(\Seen \Flagged)" if is_known else r"(\Seen)")


@contextmanager
def open_box(url: str) -> Iterator[Box]:
    """Open the box at this address. Raises ValueError for any other scheme."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        yield Folder(Path(unquote(parts.path)))
    elif parts.scheme == "imaps":
        with login(parts) as connection:
            yield Imap(connection)
    else:
        raise ValueError("LETTER_INBOX_URL is neither file:// nor imaps://")


@contextmanager
def login(parts: SplitResult) -> Iterator[imaplib.IMAP4]:
    with imaplib.IMAP4_SSL(parts.hostname or "", parts.port or 993, timeout=IMAP_TIMEOUT) as connection:
        connection.login(unquote(parts.username or ""), unquote(parts.password or ""))
        connection.select(unquote(parts.path.strip("/")) or "INBOX")
        yield connection
