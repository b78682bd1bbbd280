"""The only module that imports what a bucket needs."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
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


class Bucket(S3Storage):
    """Storage that speaks S3, of any provider. Whatever is wrong with it is an OSError, as with a disk."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, client_config=PATIENCE, default_acl=None, file_overwrite=True)

    def _open(self, name: str, mode: str = "rb") -> File:
        with told_as_trouble_of_a_disk():
            return super()._open(name, mode)

    def _save(self, name: str, content: File) -> str:
        with told_as_trouble_of_a_disk():
            return str(super()._save(name, content))

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
    except (BotoCoreError, ClientError) as error:
        raise OSError(errno.EREMOTEIO, f"MEDIA_BUCKET: {type(error).__name__}") from error
