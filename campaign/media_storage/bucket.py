"""The only module that imports what a bucket needs."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from s3transfer.exceptions import RetriesExceededError
from storages.backends.s3 import S3Storage

# A visitor waits for a picture, and a thread with it. Checksums that only Amazon's own service knows are left out.
PATIENCE = Config(
    connect_timeout=3,
    read_timeout=6,
    retries={"total_max_attempts": 2},
    signature_version="s3v4",
    s3={"addressing_style": "path"},
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)
AT_ONCE = TransferConfig(num_download_attempts=1, use_threads=False)
NOT_FOUND = 404
OURS = {"client_config": PATIENCE, "transfer_config": AT_ONCE, "default_acl": None, "file_overwrite": True}


class Bucket(S3Storage):
    """Storage that speaks S3, of any provider. Whatever is wrong with it is an OSError, as with a disk."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, **OURS)

    def _open(self, name: str, mode: str = "rb") -> File:
        with told_as_trouble_of_a_disk():
            file = super()._open(name, mode)
            if "r" in mode:
                file.open()  # fetched now, while trouble has a name here
            return file

    def _save(self, name: str, content: File) -> str:
        with told_as_trouble_of_a_disk():
            return str(super()._save(name, content))

    def read_piece(self, name: str, start: int, size: int) -> bytes:
        with told_as_trouble_of_a_disk():
            part = self.bucket.Object(name).get(Range=f"bytes={start}-{start + size - 1}")
            return part["Body"].read()

    def size(self, name: str) -> int:
        with told_as_trouble_of_a_disk():
            return super().size(name)

    def delete(self, name: str) -> None:
        with told_as_trouble_of_a_disk():
            super().delete(name)

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with told_as_trouble_of_a_disk():
            folders, files = super().listdir(name)
            return folders, files


@contextmanager
def told_as_trouble_of_a_disk() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError, RetriesExceededError) as error:
        answer = error.response["ResponseMetadata"] if isinstance(error, ClientError) else {}
        if answer.get("HTTPStatusCode") == NOT_FOUND:
            raise FileNotFoundError(errno.ENOENT, "not in the bucket of MEDIA_BUCKET") from error
        raise OSError(errno.EREMOTE, f"MEDIA_BUCKET: {type(error).__name__}") from error
