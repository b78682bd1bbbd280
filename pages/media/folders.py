"""Files of the library: a folder for each, named by its content, so that a file never changes under its address."""

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

PICTURES, DOCUMENTS = "pictures", "documents"


def digest(content: bytes) -> str:
    """32 hexadecimal digits, which nobody guesses: what is not published yet is found by nobody."""
    return hashlib.sha256(content).hexdigest()[:32]


def folder(kind: str, name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / kind / name


def write(kind: str, name: str, files: Mapping[str, bytes]) -> None:
    """Each appears whole or not at all, also for a web server that looks at this moment."""
    place = folder(kind, name)
    place.mkdir(parents=True, exist_ok=True)
    for file, content in files.items():
        unfinished = place / f".{file}"
        unfinished.write_bytes(content)
        unfinished.replace(place / file)


def remove(kind: str, name: str) -> None:
    shutil.rmtree(folder(kind, name), ignore_errors=True)


def address(kind: str, name: str, file: str) -> str:
    return f"{settings.MEDIA_URL}{kind}/{name}/{file}"
