"""The chain of the audit: each link is a hash of one entry and of the link before it.

Whoever changes, removes or slips in an entry, as only the owner of the table can, must make all later links anew, and
then the head is another one than administrators were mailed. Entries are written without a lock or a look at others; a
job links them within a minute, in the order in which it finds them: 5,000 a second. Proving takes 16 s for 500,000.

    head = chain.check([Head.parse("1234:9f86d0...")])  # raises Broken, which names the first entry that does not fit
"""

import hashlib
import json
import re
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

from django.db import connection, transaction

from campaign.audit.models import Link

LINKER = 7_205_760  # the advisory lock that makes the job one
LINKS_AT_A_TIME = 2000  # entries that are linked in one transaction, or read together
SECONDS = 45.0  # after which the job leaves the rest to the next one

# As text, so that nothing an entry can hold is beyond what can be read, and no two that differ look the same.
CONTENT = """e.id, extract(epoch FROM e.at)::text, e.who, e.act, e."on", e.details::text"""
TAKE_UNLINKED = """
    DELETE FROM audit_unlinked WHERE entry_id IN (SELECT entry_id FROM audit_unlinked ORDER BY entry_id LIMIT %s)
    RETURNING entry_id
"""
NOT_LINKED = f"""
    SELECT {CONTENT} FROM audit_entry e
    WHERE e.id = ANY(%s) AND NOT EXISTS (SELECT FROM audit_link l WHERE l.entry_id = e.id)
    ORDER BY e.id
"""  # noqa: S608  # written above
IN_CHAIN = f"""
    SELECT l.number, l.entry_id, l.digest, {CONTENT}
    FROM audit_link l LEFT JOIN audit_entry e ON e.id = l.entry_id
    WHERE l.number > %s ORDER BY l.number LIMIT %s
"""  # noqa: S608  # written above
LEFT_OUT = """
    SELECT id FROM audit_entry e
    WHERE NOT EXISTS (SELECT FROM audit_link l WHERE l.entry_id = e.id)
        AND NOT EXISTS (SELECT FROM audit_unlinked u WHERE u.entry_id = e.id)
    ORDER BY id LIMIT 1
"""


class LinkedContent(NamedTuple):
    """An entry as its hash sees it."""

    id: int
    at: str
    who: str
    act: str
    on: str
    details: str


@dataclass(frozen=True)
class Head:
    """The last link of a chain."""

    number: int = 0
    digest: bytes = bytes(hashlib.sha256().digest_size)

    def __str__(self) -> str:
        return f"{self.number}:{self.digest.hex()}"

    @classmethod
    def parse(cls, text: str) -> "Head":
        """Raises ValueError unless `text` is what a head is printed as.

        >>> str(Head.parse("7:" + "0f" * 32)) == "7:" + "0f" * 32
        True
        """
        if not re.fullmatch(r"[0-9]{1,18}:[0-9a-f]{64}", text):
            raise ValueError(f"{text} is no head of the chain, which is a number, a colon and 64 digits from 0 to f")
        number, _, digits = text.partition(":")
        return cls(int(number), bytes.fromhex(digits))

    def followed_by(self, entry: LinkedContent) -> "Head":
        """
        >>> entry = LinkedContent(1, "0.000000", "ada", "user.made", "auth.user 1", "{}")
        >>> str(Head().followed_by(entry))[:18]
        '1:517fc46d997cf38c'
        """
        return Head(self.number + 1, hashlib.sha256(self.digest + json.dumps(entry).encode()).digest())


class Broken(Exception):
    """Why the chain does not hold, in words that name the first entry that does not fit."""


def head() -> Head:
    last = Link.objects.order_by("number").last()
    return Head(last.number, bytes(last.digest)) if last else Head()


def link_waiting() -> int:
    """Link the entries that wait, as many as can be linked in less than a minute; return how many."""
    until, number = time.monotonic() + SECONDS, 0
    while time.monotonic() < until and (linked := link_slice()):
        number += linked
    return number


@transaction.atomic
def link_slice() -> int:
    """Link the first entries that wait; return how many were taken. It locks nothing that others wait for.

    Several may be started at once: one works, the others leave at once with 0.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LINKER])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(TAKE_UNLINKED, [LINKS_AT_A_TIME])
        taken = [entry_id for (entry_id,) in cursor.fetchall()]
        cursor.execute(NOT_LINKED, [taken])
        entries = [LinkedContent(*row) for row in cursor.fetchall()]
    last, links = head(), []
    for entry in entries:
        last = last.followed_by(entry)
        links.append(Link(number=last.number, entry_id=entry.id, digest=last.digest))
    Link.objects.bulk_create(links)
    return len(taken)


def check(mailed: Collection[Head] = ()) -> Head:
    """Prove the whole chain, and that these heads are in it; return its head. Raises Broken.

    It reads in slices, and holds no lock: entries may be written and linked meanwhile.
    """
    expected = {one.number: one for one in mailed if one.number}
    last = Head()
    for number, (linked, entry_id, digest, entry) in zip(count(1), links_of_chain(), strict=False):
        if linked != number:
            raise Broken(f"Link {number} of the chain is missing, before the one of entry {entry_id}.")
        if entry is None:
            raise Broken(f"Entry {entry_id} is missing (link {number}).")
        last = last.followed_by(entry)
        if last.digest != digest:
            raise Broken(f"Entry {entry_id} is not what it was when it was linked (link {number}).")
        if expected.pop(number, last) != last:
            raise Broken(f"The chain was made anew: entry {entry_id} (link {number}), or one before it, is another.")
    if expected:
        raise Broken(f"The chain ends with link {last.number}, before link {min(expected)} that is asked for.")
    refuse_left_out()
    return last


def links_of_chain() -> Iterator[tuple[int, int, bytes, LinkedContent | None]]:
    """Yield number, id of the entry and digest of each link, and the entry as it is now."""
    after, is_more = 0, True
    while is_more:
        with connection.cursor() as cursor:
            cursor.execute(IN_CHAIN, [after, LINKS_AT_A_TIME])
            rows = cursor.fetchall()
        for number, entry_id, digest, *content in rows:
            yield number, entry_id, bytes(digest), None if content[0] is None else LinkedContent(*content)
            after = number
        is_more = bool(rows)


def refuse_left_out() -> None:
    """Raises Broken if an entry is neither in the chain nor waits to be. Cost grows with all entries."""
    with connection.cursor() as cursor:
        cursor.execute(LEFT_OUT)
        if found := cursor.fetchone():
            raise Broken(f"Entry {found[0]} is not in the chain, and does not wait to be.")
