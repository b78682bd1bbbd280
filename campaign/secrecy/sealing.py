"""Sealing to a public key whose private half is never on the server (libsodium sealed boxes).

What is sealed here cannot be read here. `manage.py create_keypair` makes a pair offline, `manage.py unseal` opens.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from nacl.encoding import HexEncoder
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

PADDING = 32
CHECK = 8  # digits
JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class Keypair:
    public: str  # hexadecimal, 64 characters
    private: str


def new_keypair() -> Keypair:
    private = PrivateKey.generate()
    return Keypair(
        public=private.public_key.encode(HexEncoder).decode(),
        private=private.encode(HexEncoder).decode(),
    )


def is_public_key(text: str) -> bool:
    """Whether something can be sealed to it: not so to every 64 digits."""
    try:
        return bool(seal({}, text))
    except (ValueError, CryptoError):
        return False


def with_check(public_key: str) -> str:
    """As people copy it: digits behind it tell of a slip, and of a private key in its place (docs/decisions/0034)."""
    return f"{public_key}-{hashlib.sha256(bytes.fromhex(public_key)).hexdigest()[:CHECK]}"


def checked(text: str) -> str:
    """The public key in what was copied. Raises ValueError if its check is absent or wrong."""
    copied = text.strip().lower()
    public_key = copied.partition("-")[0]
    if with_check(public_key) != copied:
        raise ValueError("the check does not belong to the key")
    return public_key


def seal(values: dict[str, Any], public_key: str) -> bytes:
    """A sealed box of the values as JSON, padded to a multiple of 32 bytes so that its length says little."""
    plain = JSON.encode(values).encode()
    return box_for(public_key).encrypt(plain.ljust(-(-len(plain) // PADDING) * PADDING))


@lru_cache(maxsize=64)
def box_for(public_key: str) -> SealedBox:
    return SealedBox(PublicKey(bytes.fromhex(public_key)))


def unseal(box: bytes | memoryview, private_key: str) -> dict[str, Any]:
    """The sealed values; raises ValueError if this key does not open the box."""
    try:
        values: dict[str, Any] = json.loads(opener_for(private_key).decrypt(bytes(box)))
    except CryptoError:
        raise ValueError("this private key does not open the box") from None
    return values


@lru_cache(maxsize=16)
def opener_for(private_key: str) -> SealedBox:
    return SealedBox(PrivateKey(bytes.fromhex(private_key)))


def public_half(private_key: str) -> str:
    """Raises ValueError for what is no private key."""
    try:
        return PrivateKey(bytes.fromhex(private_key)).public_key.encode(HexEncoder).decode()
    except (TypeError, CryptoError):
        raise ValueError("a private key is 64 hexadecimal characters") from None
