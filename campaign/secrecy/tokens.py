"""Tokens of mailed links, and the keyed hash that they are made with.

A token is derived from a random nonce in the row and the server's key. It can be mailed again without being stored, and
the database knows only its digest.
"""

import base64
import binascii
import hashlib
import hmac
import os
from functools import cache

from django.conf import settings

NONCE_BYTES = SIGNATURE_BYTES = 16


def new_nonce() -> bytes:
    return os.urandom(NONCE_BYTES)


def token_for(nonce: bytes | memoryview, purpose: str) -> str:
    """Return 43 characters that are safe in a URL."""
    return text_of(derived(nonce, purpose))


def digits_for(nonce: bytes | memoryview, purpose: str) -> str:
    """Return eight decimal digits, to be used with a limit on tries."""
    return f"{int.from_bytes(derived(nonce, purpose)[:8]) % 10**8:08}"


def signed(content: bytes, purpose: str) -> str:
    """Return the content with a signature, 22 characters longer than it would be in Base64: links stay short."""
    return text_of(content + signature_of(content, purpose))


def signed_bytes(text: str, purpose: str) -> bytes | None:
    """Return what `signed` was given, or None for anything else."""
    try:
        raw = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except (binascii.Error, UnicodeEncodeError):
        return None
    content, signature = raw[:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:]
    return content if content and hmac.compare_digest(signature, signature_of(content, purpose)) else None


def signature_of(content: bytes, purpose: str) -> bytes:
    return derived(content, f"signed {purpose}")[:SIGNATURE_BYTES]


def text_of(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def derived(nonce: bytes | memoryview, purpose: str) -> bytes:
    return mac(settings.SECRET_KEY, purpose.encode() + b"\0" + bytes(nonce))


def digest(token: str) -> bytes:
    """Return the 16 bytes by which the row is found; any text is accepted, and finds nothing if it is not a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()[:16]


def mac(key: str, message: bytes) -> bytes:
    """Return the HMAC-SHA256 of the message, 32 bytes.

    Not by `hmac.digest`, which lets other threads run meanwhile. For a few bytes that costs more than it gains: signing
    needs seven hashes, and would have to wait for the interpreter after each.
    """
    begun = hmac_under(key).copy()
    begun.update(message)
    return begun.digest()


@cache
def hmac_under(key: str) -> hmac.HMAC:
    return hmac.new(key.encode(), digestmod=hashlib.sha256)
