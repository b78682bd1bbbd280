"""HMAC-SHA256 of short texts.

`hmac.digest` lets other threads run meanwhile. For a few bytes that costs more than it brings: a signature needs seven,
and each time somebody else had the interpreter first.
"""

import hashlib
import hmac
from functools import cache


def mac(key: str, message: bytes) -> bytes:
    """32 bytes."""
    begun = under(key).copy()
    begun.update(message)
    return begun.digest()


@cache
def under(key: str) -> hmac.HMAC:
    return hmac.new(key.encode(), digestmod=hashlib.sha256)
