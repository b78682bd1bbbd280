"""What a visitor typed, carried to the next page without a cookie and without a row in the database.

    in_url(values, "check-email stop")       for an address, which servers and proxies write into their logs
    in_form(values, "check-email stop")      for a hidden field, which nobody writes down
    read(passage, "check-email stop")        the values, of either

What a URL carries opens with a key that is destroyed within the hour (within three days for a mailed link), so a log
that is read later tells nothing, whatever other keys its reader has. What a form carries opens with SECRET_KEY until
the end of the next day. While a key lasts the same values always give the same text, so an answer that contains it
tells nothing about what the site knows; a passage made for one purpose opens for no other.
"""

import base64
import binascii
import hashlib
import json
import logging
import zlib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings

from campaign.database import clock
from campaign.secrecy.periods import boxes, keys
from campaign.secrecy.periods.keys import ID_BYTES, KeyGone, Purpose

logger = logging.getLogger(__name__)

JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True)
IN_FORM = b"\0" * ID_BYTES  # in the place of a key's id
SHORT = 1000  # bytes that are not worth compressing


@dataclass(frozen=True)
class Current:
    key_id: bytes
    good_until: float


currents: dict[Purpose, Current] = {}
ciphers: dict[bytes, AESSIV] = {}  # of periods, by key id


def in_url(values: dict[str, Any], purpose: str, lifetime: Purpose = Purpose.PAGE) -> str:
    """Return the values as text for a URL; nothing if no key can be had, and the next page then says what it lacks."""
    try:
        if not keys.is_there(current_key_id(lifetime)):
            currents.pop(lifetime, None)  # another key has taken its place within the minute
        key_id = current_key_id(lifetime)
        return packed(key_id, cipher_of(key_id), values, purpose)
    except (KeyGone, OSError) as error:
        logger.error("the keys of periods cannot be read: %s", error)
        return ""


def in_form(values: dict[str, Any], purpose: str) -> str:
    return packed(IN_FORM, form_cipher(settings.SECRET_KEY), values, purpose, clock.now().date())


def read(passage: str, purpose: str) -> dict[str, Any] | None:
    """Return the values, or None for anything that was not made for this purpose or whose time is over."""
    try:
        raw = base64.urlsafe_b64decode(passage.encode("ascii") + b"=" * (-len(passage) % 4))
    except (binascii.Error, UnicodeEncodeError, ValueError):
        return None
    key_id, box = raw[:ID_BYTES], raw[ID_BYTES:]
    if key_id == IN_FORM:
        today = clock.now().date()
        days = (today, today - timedelta(days=1))
        found = (opened(form_cipher(settings.SECRET_KEY), box, purpose, day) for day in days)
        return next((values for values in found if values is not None), None)
    try:
        return opened(cipher_of(key_id), box, purpose)
    except (KeyGone, OSError):
        return None


def packed(key_id: bytes, cipher: AESSIV, values: dict[str, Any], purpose: str, day: date | None = None) -> str:
    text = JSON.encode(values).encode()
    box = cipher.encrypt(text if len(text) < SHORT else zlib.compress(text, 9), associated(purpose, day))
    return base64.urlsafe_b64encode(key_id + box).rstrip(b"=").decode()


def opened(cipher: AESSIV, box: bytes, purpose: str, day: date | None = None) -> dict[str, Any] | None:
    try:
        text = cipher.decrypt(box, associated(purpose, day))
        values: dict[str, Any] = json.loads(text if text.startswith(b"{") else zlib.decompress(text))
    except (InvalidTag, ValueError):
        return None
    return values


def associated(purpose: str, day: date | None) -> list[bytes]:
    return [purpose.encode(), day.isoformat().encode() if day else b"url"]


def current_key_id(lifetime: Purpose) -> bytes:
    """Return the id of the open period's key, asked for once a minute."""
    known = currents.get(lifetime)
    if known is None or clock.counter() > known.good_until:
        good_until = clock.counter() + boxes.SECONDS_UNASKED
        known = currents[lifetime] = Current(boxes.current_key(lifetime)[:ID_BYTES], good_until)
    return known.key_id


def cipher_of(key_id: bytes) -> AESSIV:
    """Return the cipher of a period that is not over. Raises KeyGone or FolderAway."""
    if not keys.is_there(key_id):
        ciphers.pop(key_id, None)
    if key_id not in ciphers:
        _public, private = keys.read(key_id)
        if len(ciphers) >= boxes.MOST_AGREEMENTS:
            ciphers.clear()
        ciphers[key_id] = AESSIV(hashlib.sha512(b"passages\0" + private).digest())
    return ciphers[key_id]


@cache
def form_cipher(key: str) -> AESSIV:
    return AESSIV(hashlib.sha512(b"passages\0" + key.encode()).digest())
