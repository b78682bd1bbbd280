"""What somebody makes of all that is on the server: its files, its keys, and the proxy's log.

    Thief(site, [folder, ...]).texts()      everything that can be read, or opened with any key that is there
    betrayed(site)                           rows with a readable address, and what ties them to one signature

Whoever has ADDRESS_HASH_KEY can test an address that they know already; no site that signs each address once can
prevent it, so this thief does not try (docs/threat-model.md).
"""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from cryptography.fernet import InvalidToken

from campaign.secrecy import passages
from campaign.secrecy.encryption import TIMELESS, decrypt_bytes
from campaign.secrecy.periods import boxes
from campaign.secrecy.periods.keys import FolderAway, KeyGone
from tests.live.site import LiveSite

LONGEST = 220  # bytes of what was sealed, as a thief would try them
OVERHEAD = 40  # of nonce and MAC
WORD = re.compile(rb"[A-Za-z0-9_-]{40,}")
ADDRESS = re.compile(r"signer-\d+@birds\.example\.org")
PURPOSES = (
    "check-email end-forced-organ-harvesting", "petition-leaving", "newsletter-check-email",
    "letters senate-resolution-220",
)  # fmt: skip


@dataclass(frozen=True)
class Thief:
    """`folders` are logs, files and whatever else lies on the server, beside the database's own."""

    site: LiveSite
    folders: list[Path]

    def texts(self) -> Iterator[bytes]:
        with psycopg.connect(self.site.owner_url, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
        for path in [*self.database_files(), *self.other_files()]:
            stored = content_of(path)
            yield stored
            yield from opened_boxes(stored)
        for path in self.other_files():
            for word in set(WORD.findall(content_of(path))):
                yield from opened_words(word)

    def database_files(self) -> list[Path]:
        """Return where PostgreSQL keeps the tables of this site, and its log."""
        ((folder, oid),) = self.site.query(
            "SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = current_database()"
        )
        folders = [Path(folder) / "base" / str(oid), Path(folder) / "pg_wal"]
        return [path for one in folders for path in one.iterdir() if path.is_file()]

    def other_files(self) -> list[Path]:
        return [path for folder in self.folders for path in folder.rglob("*") if path.is_file()]

    def readable(self) -> set[str]:
        """Return every signer's address that can be read anywhere."""
        return {found for text in self.texts() for found in ADDRESS.findall(text.decode(errors="replace"))}


def content_of(path: Path) -> bytes:
    """Nothing if PostgreSQL has taken the file away since it was listed, as it does with its log."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def opened_boxes(stored: bytes) -> Iterator[bytes]:
    for magic, head in ((boxes.MAGIC, boxes.HEAD + boxes.EPHEMERAL_BYTES), (TIMELESS, len(TIMELESS))):
        for found in re.finditer(re.escape(magic), stored):
            yield from opened_at(stored, found.start(), head + OVERHEAD)


def opened_at(stored: bytes, start: int, shortest: int) -> Iterator[bytes]:
    for length in range(shortest, shortest + LONGEST):
        try:
            yield decrypt_bytes(stored[start : start + length])
        except (KeyGone, FolderAway):
            return
        except InvalidToken:
            continue
        return


def opened_words(word: bytes) -> Iterator[bytes]:
    """Yield what a part of an address (URL) says, as it stands or opened."""
    text = word.decode()
    try:
        yield base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        return
    for purpose in PURPOSES:
        yield repr(passages.read(text, purpose)).encode()


@dataclass(frozen=True)
class Row:
    """A row with an address that can be read, beside what else it tells."""

    address: str
    pk: int
    xmin: int
    subject: int | None


ROWS = {
    "supporters_subscriber": "SELECT address, id, xmin::text::bigint, NULL FROM supporters_subscriber",
    "outbox_item": """
        SELECT sealed_secret, id, xmin::text::bigint,
            CASE WHEN kind LIKE 'petitions.%%' OR kind = 'supporters.wish' THEN subject END
        FROM outbox_item
    """,
    "letters_constituent": "SELECT private, id, xmin::text::bigint, NULL FROM letters_constituent",
}


def rows(site: LiveSite, table: str) -> list[Row]:
    found = [(opened_address(box), *rest) for box, *rest in site.query(ROWS[table])]
    return [Row(*one) for one in found if one[0]]


def opened_address(box: bytes | None) -> str:
    if box is None:
        return ""
    try:
        found = ADDRESS.search(decrypt_bytes(box).decode())
    except (KeyGone, FolderAway, InvalidToken):
        return ""
    return found[0] if found else ""


def betrayed(site: LiveSite) -> dict[str, str]:
    """Return the addresses that a row ties to one signature, each with what ties it."""
    signatures = site.query("SELECT id, xmin::text::bigint FROM petitions_signature")
    of_transaction = {xmin for _pk, xmin in signatures}
    ids = {pk for pk, _xmin in signatures}
    found = {}
    for table in ROWS:
        for row in rows(site, table):
            if row.xmin in of_transaction:
                found[row.address] = f"{table}: one transaction"
            elif row.subject in ids:
                found[row.address] = f"{table}: the number of the signature"
    return found


def correlation(pairs: list[tuple[int, int]]) -> float:
    """Return Spearman's rank correlation of pairs that have no ties.

    >>> correlation([(1, 10), (2, 20), (3, 30)])
    1.0
    >>> correlation([(1, 30), (2, 20), (3, 10)])
    -1.0
    """
    ranks = [{value: rank for rank, value in enumerate(sorted(column))} for column in zip(*pairs, strict=True)]
    squares = sum((ranks[0][one] - ranks[1][other]) ** 2 for one, other in pairs)
    return 1 - 6 * squares / (len(pairs) * (len(pairs) ** 2 - 1))
