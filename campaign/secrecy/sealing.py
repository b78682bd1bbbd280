"""Seal to a public key whose private half is never on the server (libsodium).

What is sealed here cannot be read here; `manage.py unseal` opens it where the private key is.

A box has one of two forms, over the same padded JSON: a sealed box, which shares nothing with any other, or one of
several boxes sealed in one context (docs/decisions/0037). Thanks to the padding their lengths tell them apart: 48 and
72 bytes more than a multiple of 32.
"""

import json
from functools import lru_cache
from typing import Any

from nacl.bindings import crypto_kx_client_session_keys, crypto_kx_server_session_keys
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox

PADDING = 32
KEY = PublicKey.SIZE
IN_CONTEXT = KEY + SecretBox.NONCE_SIZE + SecretBox.MACBYTES  # bytes more than what was sealed
COMPACT_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def seal(values: dict[str, Any], public_key: str) -> bytes:
    """Return a sealed box of its own: nothing in it reveals what else was sealed with it, or when."""
    return box_for(public_key).encrypt(padded(values))


def padded(values: dict[str, Any]) -> bytes:
    """Return the JSON padded to a multiple of 32 bytes, so that its length reveals little."""
    plain = COMPACT_JSON.encode(values).encode()
    return plain.ljust(-(-len(plain) // PADDING) * PADDING)


@lru_cache(maxsize=64)
def box_for(public_key: str) -> SealedBox:
    return SealedBox(PublicKey(bytes.fromhex(public_key)))


class SealingContext:
    """Seals what is known to belong together, with one ephemeral key pair and one key agreement for all of it.

    Boxes of one context begin alike and can be recognised as such. The secret half of the pair is not kept; the agreed
    key lasts as long as the context.
    """

    def __init__(self, public_key: str) -> None:
        ephemeral = PrivateKey.generate()
        self.ephemeral_key = bytes(ephemeral.public_key)
        _, agreed = crypto_kx_client_session_keys(self.ephemeral_key, bytes(ephemeral), bytes.fromhex(public_key))
        self.box = SecretBox(agreed)

    def seal(self, values: dict[str, Any]) -> bytes:
        """Return the ephemeral public key, a random nonce, MAC and ciphertext."""
        return self.ephemeral_key + self.box.encrypt(padded(values))


def unseal(box: bytes | memoryview, private_key: str) -> dict[str, Any]:
    """Return the sealed values. Raises ValueError if this key does not open the box."""
    try:
        values: dict[str, Any] = json.loads(opened(bytes(box), private_key))
    except CryptoError:
        raise ValueError("this private key does not open the box") from None
    return values


def opened(box: bytes, private_key: str) -> bytes:
    """Open a box of either form. Raises CryptoError."""
    if len(box) % PADDING == IN_CONTEXT % PADDING:
        return context_opener(private_key, box[:KEY]).decrypt(box[KEY:])
    return opener_for(private_key).decrypt(box)


@lru_cache(maxsize=16)
def opener_for(private_key: str) -> SealedBox:
    return SealedBox(PrivateKey(bytes.fromhex(private_key)))


@lru_cache(maxsize=16)
def context_opener(private_key: str, ephemeral_key: bytes) -> SecretBox:
    """Return the opener of a context, cached since most of the boxes that follow are of the same context."""
    private = PrivateKey(bytes.fromhex(private_key))
    agreed, _ = crypto_kx_server_session_keys(bytes(private.public_key), bytes(private), ephemeral_key)
    return SecretBox(agreed)
