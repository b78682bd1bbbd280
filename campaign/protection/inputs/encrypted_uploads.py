"""Encrypt large uploads on their way through the disk, with a key that only this request knows, in nameless files.

A list of people that staff upload must not be found in a temporary folder, nor on the disk after a power cut.
"""

import io
import os
import tempfile
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CTR
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

BLOCK_BYTES = 16


class EncryptedFile(io.RawIOBase):
    """A temporary file that is written once, from its beginning, and can be read at any position."""

    def __init__(self) -> None:
        self.key = AES256(os.urandom(32))
        self.encryptor = Cipher(self.key, CTR(bytes(BLOCK_BYTES))).encryptor()
        self.file = tempfile.TemporaryFile()  # noqa: SIM115  # closed with this one

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def write(self, plain: Any) -> int:
        return self.file.write(self.encryptor.update(plain))

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self.file.seek(offset, whence)

    def readinto(self, buffer: Any) -> int:
        block, within = divmod(self.file.tell(), BLOCK_BYTES)
        decryptor = Cipher(self.key, CTR(block.to_bytes(BLOCK_BYTES, "big"))).decryptor()
        decryptor.update(bytes(within))
        plain = decryptor.update(self.file.read(len(buffer)))
        buffer[: len(plain)] = plain
        return len(plain)

    def close(self) -> None:
        self.file.close()
        super().close()


class EncryptedUploadHandler(FileUploadHandler):
    """Handles files too large for MemoryFileUploadHandler, which comes first in FILE_UPLOAD_HANDLERS."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.kept = EncryptedFile()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.kept.write(raw_data)
        return None

    def file_complete(self, file_size: int) -> UploadedFile:
        self.kept.seek(0)
        file = io.BufferedReader(self.kept)
        return UploadedFile(file, self.file_name, self.content_type, file_size, self.charset, self.content_type_extra)

    def upload_interrupted(self) -> None:
        if hasattr(self, "kept"):
            self.kept.close()
