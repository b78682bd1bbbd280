"""Passages: a little of what a visitor typed, carried in an address without being readable there.

"Check your inbox" names the address that was given, without a cookie and without the address in any log. The same
values always make the same passage on one day, so an answer that contains one tells nothing about what the site knows.
"""

import base64
import binascii
import hashlib
import json
from datetime import date, timedelta
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings
from django.utils import timezone

JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True)


def wrap(values: dict[str, Any], purpose: str) -> str:
    """A URL-safe text that `unwrap` reads until the end of the next day (UTC)."""
    plain = JSON.encode(values).encode()
    box = cipher(settings.SECRET_KEY).encrypt(plain, associated(purpose, timezone.now().date()))
    return base64.urlsafe_b64encode(box).rstrip(b"=").decode()


def unwrap(passage: str, purpose: str) -> dict[str, Any] | None:
    """The values, or None for anything that `wrap` did not make for this purpose since yesterday."""
    try:
        box = base64.urlsafe_b64decode(passage.encode("ascii") + b"=" * (-len(passage) % 4))
    except (binascii.Error, UnicodeEncodeError, ValueError):
        return None
    today = timezone.now().date()
    for day in (today, today - timedelta(days=1)):
        try:
            values: dict[str, Any] = json.loads(cipher(settings.SECRET_KEY).decrypt(box, associated(purpose, day)))
        except (InvalidTag, ValueError):
            continue
        return values
    return None


@cache
def cipher(key: str) -> AESSIV:
    return AESSIV(hashlib.sha512(b"passages\0" + key.encode()).digest())


def associated(purpose: str, day: date) -> list[bytes]:
    return [purpose.encode(), day.isoformat().encode()]
