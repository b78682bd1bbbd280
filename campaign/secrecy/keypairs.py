"""Key pairs to seal to, in the form in which people copy them. `manage.py create_keypair` makes a pair offline."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from nacl.encoding import HexEncoder
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey

from campaign.secrecy.sealing import seal

CHECK = 8  # digits of the checksum


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
    """Return whether something can be sealed to the key; not every 64 digits are one."""
    try:
        return bool(seal({}, text))
    except (ValueError, CryptoError):
        return False


def with_check(public_key: str) -> str:
    """Return the key as people copy it, with check digits that reveal a slip or a private key (docs/decisions/0034)."""
    return f"{public_key}-{hashlib.sha256(bytes.fromhex(public_key)).hexdigest()[:CHECK]}"


def checked(text: str) -> str:
    """Return the public key in what was copied. Raises ValueError if its check digits are missing or wrong."""
    copied = text.strip().lower()
    public_key = copied.partition("-")[0]
    if with_check(public_key) != copied:
        raise ValueError("the check does not belong to the key")
    return public_key


def public_half(private_key: str) -> str:
    """Return the public key that belongs to a private one. Raises ValueError if it is not a private key."""
    try:
        return PrivateKey(bytes.fromhex(private_key)).public_key.encode(HexEncoder).decode()
    except (TypeError, ValueError, CryptoError):
        raise ValueError("a private key is 64 hexadecimal characters") from None


def private_key_in(file: Path) -> str:
    """Return the private key that `create_keypair` wrote. Raises ValueError, naming the file, for any other content."""
    try:
        private_key = file.read_text().strip()
        public_half(private_key)
    except ValueError:
        raise ValueError(f"{file} is not what create_keypair wrote: 64 hexadecimal characters") from None
    return private_key
