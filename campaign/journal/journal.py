"""What others call: write a line of the journal (the package's docstring has the three ways)."""

import logging
import time
from collections.abc import Iterable, Mapping
from functools import partial

from django.db import DatabaseError, connection, transaction

from campaign.journal import position, recovery
from campaign.journal.files import BEAT, HOST, writer
from campaign.journal.replay import is_replaying
from campaign.secrecy.addresses import keyed_hash

logger = logging.getLogger(__name__)

COUNT_EVERY = 1.0  # seconds for which lines written by `note` share a number
TELL_EVERY = 60.0  # seconds from one report of trouble to the next

Value = str | int


class Unwritable(Exception):
    """The line is not on the disk: what it would have announced must not happen now."""


class Times:
    """When this process last did something, by its own counter."""

    counted = float("-inf")
    told = float("-inf")


def mark(*parts: object) -> str:
    """Return what tells a row from another that got the same id after a restore, without telling anything of it."""
    return keyed_hash("\0".join(map(str, parts)), "journal")[:8].hex()


def record(kind: str, /, **ids: Value) -> None:
    """Note an act that a restored database must not forget, once the transaction that does it is committed."""
    record_many(kind, [ids])


def record_many(kind: str, rows: Iterable[Mapping[str, Value]]) -> None:
    """The same for several acts of one transaction."""
    lines = [{"k": kind, **row} for row in rows]
    if lines and not is_replaying.get():
        transaction.on_commit(partial(append, lines))


def record_before(kind: str, /, **ids: Value) -> None:
    """Note what is about to happen outside of the database; it is on the disk once this returns.

    Raises Unwritable, or DatabaseError. Not to be called in a transaction.
    """
    place = count()
    if place.is_held:
        raise Unwritable("a backup was restored")
    try:
        writer.write(place, [{"k": kind, **ids}], is_synced=True)
    except OSError as error:
        tell_of(error)
        raise Unwritable(type(error).__name__) from error


def note(kind: str, /, **ids: Value) -> None:
    """Note one of many things, such as a mail that was sent: cheap, and safe from the end of this process alone."""
    is_counted = time.monotonic() < Times.counted + COUNT_EVERY
    append([{"k": kind, **ids}], place=position.known.place if is_counted else None, is_synced=False)


def heartbeat() -> None:
    """Note that the site is running, so that a database that is older can be told by it."""
    append([{"k": BEAT}])


def append(lines: list[dict[str, Value]], *, place: position.Place | None = None, is_synced: bool = True) -> None:
    """Write the lines; what keeps them from being written is told, and keeps nobody from what they do."""
    try:
        place = place or count()
    except DatabaseError:
        logger.exception("the journal could not be counted up")
        place = position.known.place
    try:
        if place is None:
            raise OSError("the database has never answered")
        writer.write(place, lines, is_synced=is_synced)
    except OSError as error:
        tell_of(error)


def count() -> position.Place:
    """Count up. If the database turns out to be older than this process knows, that is dealt with first."""
    place = None
    while place is None:
        place = position.advance(recovery.newest_place()) or position.advance(recovery.look())
    position.known.learn(place)
    Times.counted = time.monotonic()
    return place


def tell_of(error: OSError) -> None:
    """Say in the log, and now and then on the first page of the admin, that lines are missing."""
    logger.error("the journal cannot be written: %s", error)
    if time.monotonic() > Times.told + TELL_EVERY and connection.is_usable():
        Times.told = time.monotonic()
        recovery.note_trouble(f"{HOST}: {error.strerror or error}")
