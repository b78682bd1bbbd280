"""Encryption with the server's own keys (FIELD_KEYS): for what this server must be able to read again.

The first key encrypts, every key decrypts, so a new key is put first and an old one dropped once nothing uses it.
"""

import json
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models


@cache
def keyring(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(text: str) -> bytes:
    return encrypt_bytes(text.encode())


def decrypt(box: bytes | memoryview) -> str:
    """Raises cryptography.fernet.InvalidToken for what no key opens."""
    return decrypt_bytes(box).decode()


def encrypt_bytes(plain: bytes) -> bytes:
    return keyring(tuple(settings.FIELD_KEYS)).encrypt(plain)


def decrypt_bytes(box: bytes | memoryview) -> bytes:
    return keyring(tuple(settings.FIELD_KEYS)).decrypt(bytes(box))


class EncryptedTextField(models.BinaryField):
    """A column of ciphertext; a `str` in Python. It cannot be searched or sorted."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else self.load(decrypt(value))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        box = None if value is None else encrypt(self.dump(value))
        return super().get_db_prep_value(box, connection, prepared)

    def value_to_string(self, obj: models.Model) -> str:
        return self.dump(self.value_from_object(obj))

    def to_python(self, value: Any) -> Any:
        return value

    def load(self, text: str) -> Any:
        return text

    def dump(self, value: Any) -> str:
        return str(value)


class EncryptedJSONField(EncryptedTextField):
    """The same for what JSON can hold."""

    def load(self, text: str) -> Any:
        return json.loads(text)

    def dump(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)
