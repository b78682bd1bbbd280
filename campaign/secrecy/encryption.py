"""Encryption with the server's own keys, for what this server must be able to read again.

What lasts is encrypted with FIELD_KEYS. The first key encrypts and every key decrypts, so a new key is put first, and
an old one is dropped once nothing uses it. What need be read for a while only is sealed under the keys of periods
(campaign/secrecy/periods).
"""

import base64
import hashlib
import json
from contextlib import suppress
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from campaign.secrecy.periods import boxes
from campaign.secrecy.periods.keys import KeyGone, Purpose

TIMELESS = b"\x01key"  # before what is encrypted under FIELD_KEYS; older boxes are Fernet's, with their second in plain


def encrypt(text: str) -> bytes:
    return encrypt_bytes(text.encode())


def decrypt(box: bytes | memoryview) -> str:
    """Decrypt `box`, as `decrypt_bytes` does."""
    return decrypt_bytes(box).decode()


def encrypt_json(values: Any) -> bytes:
    return encrypt(json.dumps(values, ensure_ascii=False))


def decrypt_json(box: bytes | memoryview) -> Any:
    """Decrypt `box`, as `decrypt_bytes` does. Raises ValueError for what is no JSON."""
    return json.loads(decrypt(box))


def encrypt_bytes(plain: bytes) -> bytes:
    """Encrypt under the first of FIELD_KEYS; nothing in the box tells when."""
    return TIMELESS + secret_boxes(tuple(settings.FIELD_KEYS))[0].encrypt(plain)


def seal_json(values: Any, purpose: Purpose) -> bytes:
    """Seal under the key of the present period, for what need be read for a while only."""
    return boxes.seal(json.dumps(values, ensure_ascii=False).encode(), purpose)


def decrypt_bytes(box: bytes | memoryview) -> bytes:
    """Open what was encrypted under FIELD_KEYS or sealed under the key of a period.

    Raises InvalidToken if no key opens it, KeyGone if its period's key was destroyed, FolderAway.
    """
    box = bytes(box)
    try:
        if boxes.is_box(box):
            return boxes.open_box(box)
        if box.startswith(TIMELESS):
            return decrypt_timeless(box.removeprefix(TIMELESS))
    except CryptoError:
        raise InvalidToken from None
    return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS]).decrypt(box)


def decrypt_timeless(body: bytes) -> bytes:
    """Raises CryptoError if none of FIELD_KEYS opens it."""
    for box in secret_boxes(tuple(settings.FIELD_KEYS)):
        with suppress(CryptoError):
            return box.decrypt(body)
    raise CryptoError("none of FIELD_KEYS opens this")


@cache
def secret_boxes(field_keys: tuple[str, ...]) -> list[SecretBox]:
    """Return an opener for each key; a key of its own is derived from each, since Fernet uses its halves otherwise."""
    keys = [base64.urlsafe_b64decode(key) for key in field_keys]
    return [
        SecretBox(hashlib.blake2b(key, digest_size=SecretBox.KEY_SIZE, person=b"field keys").digest()) for key in keys
    ]


class EncryptedTextField(models.BinaryField):
    """A column of ciphertext; a `str` in Python. It cannot be searched or sorted.

    With a `purpose` it is sealed under the key of the present period, and reads as None once that key is gone.
    """

    def __init__(self, *args: Any, purpose: Purpose | None = None, **kwargs: Any) -> None:
        self.purpose = purpose
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        try:
            return None if value is None else self.load(decrypt(value))
        except KeyGone:
            return None

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Encrypt, but for bytes: these are a box already, made for what is written beside others."""
        box = value if value is None or isinstance(value, bytes | memoryview) else self.encrypted(self.dump(value))
        return super().get_db_prep_value(box, connection, prepared)

    def encrypted(self, text: str) -> bytes:
        return encrypt(text) if self.purpose is None else boxes.seal(text.encode(), self.purpose)

    def value_to_string(self, obj: models.Model) -> str:
        return self.dump(self.value_from_object(obj))

    def to_python(self, value: Any) -> Any:
        return value

    def load(self, text: str) -> Any:
        return text

    def dump(self, value: Any) -> str:
        return str(value)


class EncryptedJSONField(EncryptedTextField):
    """An encrypted column for values that JSON can hold."""

    def load(self, text: str) -> Any:
        return json.loads(text)

    def dump(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)


class SealedBytesField(models.BinaryField):
    """A column of boxes under keys of periods, sealed and opened by who uses it; sealed anew with the others."""

    def __init__(self, *args: Any, purpose: Purpose | None = None, **kwargs: Any) -> None:
        self.purpose = purpose
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Return what migrations know: to the database these are bytes, for any purpose."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.BinaryField", args, kwargs
