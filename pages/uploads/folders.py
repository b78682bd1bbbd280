"""Folders of the library: one for each file, named by its content, so that a URL always leads to the same content."""

import hashlib
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from django.conf import settings

PICTURES, DOCUMENTS = "pictures", "documents"


def content_digest(content: bytes) -> str:
    """Return 32 hexadecimal digits that nobody can guess, so that nobody finds what is not published yet."""
    return hashlib.sha256(content).hexdigest()[:32]


def folder(kind: str, name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / kind / name


def write(kind: str, name: str, files: Mapping[str, bytes]) -> None:
    """Write the files; each appears complete or not at all, even to a web server that looks at this moment."""
    place = folder(kind, name)
    place.mkdir(parents=True, exist_ok=True)
    for file, content in files.items():
        unfinished = place / f".{file}"
        try:
            unfinished.write_bytes(content)
            unfinished.replace(place / file)
        except OSError:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
            raise


def remove_folder(kind: str, name: str) -> None:
    shutil.rmtree(folder(kind, name), ignore_errors=True)


def url_path(kind: str, name: str, file: str) -> str:
    return f"{settings.MEDIA_URL}{kind}/{name}/{file}"
