"""Tokens of mailed links.

A token is derived from a random nonce in the row and the server's key. It can be mailed again without being stored,
and the database knows only its digest.
"""

import base64
import hashlib
import os

from django.conf import settings

from campaign.secrecy.macs import mac

NONCE_BYTES = 16


def new_nonce() -> bytes:
    return os.urandom(NONCE_BYTES)


def token_for(nonce: bytes | memoryview, purpose: str) -> str:
    """43 characters that are safe in an address."""
    return base64.urlsafe_b64encode(derived(nonce, purpose)).rstrip(b"=").decode()


def digits_for(nonce: bytes | memoryview, purpose: str) -> str:
    """Eight decimal digits; for use with a limit on tries."""
    return f"{int.from_bytes(derived(nonce, purpose)[:8]) % 10**8:08}"


def derived(nonce: bytes | memoryview, purpose: str) -> bytes:
    return mac(settings.SECRET_KEY, purpose.encode() + b"\0" + bytes(nonce))


def digest(token: str) -> bytes:
    """What the row is looked up by, 16 bytes; any text is accepted and finds nothing if it is no token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()[:16]
