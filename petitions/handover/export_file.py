"""Write and check the file that carries all confirmed signatures of a petition, sealed as they are in the database."""

import hashlib
import itertools
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from petitions.models import Petition

FILE_FORMAT = "campaign-signatures-1"
COLUMNS = ["country", "channel", "language", "signed_on", "confirmed_on", "text", "key", "sealed"]
LINES_PER_BLOCK = 500  # lines yielded at a time

# A single statement, so that all rows are of one moment; the sealed box is in hexadecimal.
ROWS = """
    COPY (
        SELECT country, channel, language, signed_on, confirmed_on, text_id, key_id, encode(sealed, 'hex')
        FROM petitions_signature WHERE petition_id = {petition:d} AND state = 'confirmed' ORDER BY id
    ) TO STDOUT
"""


class Damaged(Exception):
    """The file is not one of ours, is incomplete, or was changed since it was written."""


def header(petition: Petition) -> dict[str, Any]:
    fields = ("pk", "language", "version", "addressee", "asked_by", "title", "summary", "body")
    return {
        "format": FILE_FORMAT,
        "petition": petition.slug,
        "asked_by": petition.asked_by,
        "texts": {str(text["pk"]): text for text in petition.texts.without_drafts().order_by("pk").values(*fields)},
        "keys": {str(key.pk): key.public_key for key in petition.keys.order_by("pk")},
        "columns": COLUMNS,
    }


def as_line(values: dict[str, Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, sort_keys=True).encode() + b"\n"


class Totals:
    """Running counts and checksum of the lines, from which the last line is made."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[bytes, bytes]] = Counter()
        self.cleared = 0
        self.digest = hashlib.sha256()

    def add(self, rows: Sequence[bytes]) -> bytes:
        """Count the rows and return them joined as one block."""
        self.counts.update((country, channel) for country, channel, _ in (row.split(b"\t", 2) for row in rows))
        self.cleared += sum(map(is_cleared, rows))
        block = b"".join(rows)
        self.digest.update(block)
        return block

    def line(self) -> bytes:
        by_country, by_channel = Counter[str](), Counter[str]()
        for (country, channel), count in self.counts.items():
            by_country[country.decode()] += count
            by_channel[channel.decode()] += count
        counts = {"total": self.counts.total(), "by_country": by_country, "by_channel": by_channel}
        cleared = {"cleared": self.cleared} if self.cleared else {}
        return as_line({**counts, **cleared, "sha256": self.digest.hexdigest()})


def is_cleared(row: bytes) -> bool:
    """Return whether the row counts but names nobody, because its retention is over
    (petitions/data_requests/retention.py)."""
    return row.endswith(b"\t\n")


def write_export(petition: Petition) -> Iterator[bytes]:
    """Yield the file in blocks of whole lines.

    Memory stays flat; the transaction is open until the last block is taken.
    """
    totals = Totals()
    first = as_line(header(petition))
    totals.digest.update(first)
    yield first
    statement = ROWS.format(petition=petition.pk)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout TO 0")  # the download may take as long as it needs
        with cursor.copy(statement) as copy:
            yield from map(totals.add, itertools.batched(map(bytes, copy), LINES_PER_BLOCK))
    yield totals.line()


@dataclass(frozen=True)
class Manifest:
    """The first and the last line of a file that was found complete and unchanged."""

    head: dict[str, Any]
    totals: dict[str, Any]


def check_export(lines: Iterable[bytes]) -> Manifest:
    """Read the whole file once and verify its counts and checksum. Raises Damaged."""
    totals, source = Totals(), iter(lines)
    first = next(source, b"")
    found = parse(first)
    if found.get("format") != FILE_FORMAT:
        raise Damaged("this is no file of signatures")
    totals.digest.update(first)
    for line in source:
        if line.startswith(b"{"):
            if line != totals.line() or next(source, None) is not None:
                raise Damaged("the counts or the checksum do not fit: the file was changed")
            return Manifest(found, parse(line))
        if line.count(b"\t") != len(COLUMNS) - 1:
            raise Damaged("a line cannot be read: the file was changed")
        totals.add([line])
    raise Damaged("the end is missing: the file is not whole")


def parse(line: bytes) -> dict[str, Any]:
    try:
        values: dict[str, Any] = json.loads(line)
    except ValueError:
        raise Damaged("this is no file of signatures") from None
    return values
