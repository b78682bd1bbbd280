"""Pseudonyms that hold for a day: the same text has the same one until the key of the period is gone, and no longer.

    pseudonym("network c00002/24")  # eight bytes; None if the key cannot be read

They are made with the private half of the period's key, which is destroyed after it: then nobody can tell any more
which text a pseudonym stood for, nor try texts out.
"""

import hashlib
from dataclasses import dataclass

from campaign.database import clock
from campaign.secrecy.periods import boxes, keys
from campaign.secrecy.periods.keys import ID_BYTES, KeyGone, Purpose

PSEUDONYM_BYTES = 8


@dataclass(frozen=True)
class DayKey:
    """What one process makes pseudonyms with for a minute."""

    key: bytes
    good_until: float


class Known:
    key: DayKey | None = None


def pseudonym(text: str) -> bytes | None:
    try:
        key = current_key()
    except (KeyGone, OSError):
        return None
    return hashlib.blake2b(text.encode(), digest_size=PSEUDONYM_BYTES, key=key, person=b"pseudonym").digest()


def current_key() -> bytes:
    """Raises KeyGone or OSError if the key of the present day cannot be read."""
    known = Known.key
    if known is None or clock.counter() > known.good_until:
        good_until = clock.counter() + boxes.SECONDS_UNASKED
        _public, private = keys.read(boxes.current_key(Purpose.SHORT)[:ID_BYTES])
        known = Known.key = DayKey(private, good_until)
    return known.key
