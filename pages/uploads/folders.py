"""Folders of the library: one for each file, named by its content, so that a URL always leads to the same content."""

import hashlib
from collections.abc import Mapping
from contextlib import suppress

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

from campaign.media_storage import names

PICTURES, DOCUMENTS, FILMS = "pictures", "documents", "films"
DIGITS = 32


def content_digest(content: bytes) -> str:
    """Return 32 hexadecimal digits that nobody can guess, so that nobody finds what is not published yet."""
    return hashlib.sha256(content).hexdigest()[:DIGITS]


def name_of(kind: str, digest: str, file: str) -> str:
    """Return the name of a file in the storage of media."""
    return f"{kind}/{digest}/{file}"


def write(kind: str, digest: str, files: Mapping[str, bytes]) -> None:
    """Write the files; each appears complete or not at all."""
    for file, content in files.items():
        write_file(kind, digest, file, ContentFile(content))


def write_file(kind: str, digest: str, file: str, content: File) -> None:
    default_storage.save(name_of(kind, digest, file), content)


def remove_folder(kind: str, digest: str) -> None:
    """Remove all that can be removed; what is left harms nobody, as no page leads there."""
    with suppress(OSError):
        for name in [*names(f"{kind}/{digest}/"), f"{kind}/{digest}"]:
            default_storage.delete(name)


def url_path(kind: str, name: str, file: str) -> str:
    return f"{settings.MEDIA_URL}{kind}/{name}/{file}"
