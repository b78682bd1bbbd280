"""Files that are encrypted to a public key while they are written, and decrypted while they are read (libsodium).

Magic, the file's own key in a sealed box, the header of a secretstream, then chunks: four bytes of length and the
ciphertext. The last chunk says that it is the last, so a file that was cut short is noticed.
"""

import hashlib
import io
from collections.abc import Buffer, Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_ABYTES,
    crypto_secretstream_xchacha20poly1305_HEADERBYTES,
    crypto_secretstream_xchacha20poly1305_init_pull,
    crypto_secretstream_xchacha20poly1305_init_push,
    crypto_secretstream_xchacha20poly1305_KEYBYTES,
    crypto_secretstream_xchacha20poly1305_keygen,
    crypto_secretstream_xchacha20poly1305_pull,
    crypto_secretstream_xchacha20poly1305_push,
    crypto_secretstream_xchacha20poly1305_state,
    crypto_secretstream_xchacha20poly1305_TAG_FINAL,
    crypto_secretstream_xchacha20poly1305_TAG_MESSAGE,
)
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

MAGIC = b"campaign-backup-1\n"
CHUNK = 1 << 20  # bytes of plain text
SEALED_KEY = crypto_secretstream_xchacha20poly1305_KEYBYTES + 48  # what a sealed box adds
LENGTH = 4


class Unreadable(Exception):
    """The file is not what was written, or the key is another's; in words for whoever restores."""


class EncryptedWriter(io.RawIOBase):
    """Write plain bytes to it; `file` gets them encrypted. Leave its context: a file without its end cannot be read."""

    def __init__(self, file: IO[bytes], public_key: str) -> None:
        self.file, self.digest, self.size, self.pending = file, hashlib.sha256(), 0, bytearray()
        key = crypto_secretstream_xchacha20poly1305_keygen()
        self.state = crypto_secretstream_xchacha20poly1305_state()
        header = crypto_secretstream_xchacha20poly1305_init_push(self.state, key)
        self.put(MAGIC + SealedBox(PublicKey(bytes.fromhex(public_key))).encrypt(key) + header)

    def writable(self) -> bool:
        return True

    def write(self, data: Buffer, /) -> int:
        self.pending += data
        while len(self.pending) > CHUNK:
            self.push(bytes(self.pending[:CHUNK]), crypto_secretstream_xchacha20poly1305_TAG_MESSAGE)
            del self.pending[:CHUNK]
        return memoryview(data).nbytes

    def finish(self) -> None:
        self.push(bytes(self.pending), crypto_secretstream_xchacha20poly1305_TAG_FINAL)

    def push(self, plain: bytes, tag: int) -> None:
        encrypted = crypto_secretstream_xchacha20poly1305_push(self.state, plain, tag=tag)
        self.put(len(encrypted).to_bytes(LENGTH, "big") + encrypted)

    def put(self, data: bytes) -> None:
        self.file.write(data)
        self.digest.update(data)
        self.size += len(data)

    def __exit__(self, kind: type[BaseException] | None, *about: BaseException | TracebackType | None) -> None:
        if kind is None:
            self.finish()

    def __enter__(self) -> Self:
        return self


class EncryptedReader(io.RawIOBase):
    """Read plain bytes from it. Raises Unreadable."""

    def __init__(self, file: IO[bytes], private_key: str) -> None:
        self.chunks, self.rest = decrypted(file, private_key), memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer, /) -> int:
        while not self.rest:
            chunk = next(self.chunks, None)
            if chunk is None:
                return 0
            self.rest = memoryview(chunk)
        target = memoryview(buffer)
        taken = self.rest[: len(target)]
        target[: len(taken)] = taken
        self.rest = self.rest[len(taken) :]
        return len(taken)


def decrypted(file: IO[bytes], private_key: str) -> Iterator[bytes]:
    """Yield the plain chunks; each was written by somebody who knew the key, in this order. Raises Unreadable."""
    if file.read(len(MAGIC)) != MAGIC:
        raise Unreadable("it is not a file of a backup, or one of a later version")
    try:
        key = SealedBox(PrivateKey(bytes.fromhex(private_key))).decrypt(file.read(SEALED_KEY))
    except CryptoError:
        raise Unreadable("this private key does not open it") from None
    state = crypto_secretstream_xchacha20poly1305_state()
    try:
        header = file.read(crypto_secretstream_xchacha20poly1305_HEADERBYTES)
        crypto_secretstream_xchacha20poly1305_init_pull(state, header, key)
        tag = crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
        while tag != crypto_secretstream_xchacha20poly1305_TAG_FINAL:
            length = int.from_bytes(file.read(LENGTH), "big")
            if not crypto_secretstream_xchacha20poly1305_ABYTES <= length <= CHUNK + LENGTH + 100:
                raise Unreadable("it ends too early, or is damaged")
            plain, tag = crypto_secretstream_xchacha20poly1305_pull(state, file.read(length))
            yield plain
    except (CryptoError, ValueError, RuntimeError, TypeError) as error:
        raise Unreadable("it is damaged") from error
    if file.read(1):
        raise Unreadable("something follows its end")


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file as it lies there, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
