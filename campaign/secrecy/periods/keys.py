"""The private halves of periods' keys: a file for each in KEY_FOLDER, named by the beginning of its public half."""

import os
from pathlib import Path

from django.conf import settings
from django.db import models
from nacl.bindings import crypto_kx_keypair

from campaign.secrecy.private_files import sync_folder, whole

ID_BYTES = 8  # of the public half, by which a key is named


class Purpose(models.TextChoices):
    """How long what is sealed may be readable at most."""

    PAGE = "page", "what a URL of the site carries: an hour"
    SHORT = "short", "mail and files that wait: a day"
    LINK = "link", "what a mailed link carries: three days"
    LONG = "long", "letters under way: two weeks"


class KeyGone(Exception):
    """The key of the period is not in the folder: it was destroyed, lost, or is on another machine."""

    def __init__(self, key_id: bytes) -> None:
        super().__init__(f"the key {key_id.hex()} is gone")
        self.key_id = key_id


class FolderAway(OSError):
    """KEY_FOLDER is not there: what is sealed can be opened once it is."""


def key_folder() -> Path:
    return Path(settings.KEY_FOLDER)


def path_of(key_id: bytes) -> Path:
    return key_folder() / f"{key_id.hex()}.key"


def create() -> bytes:
    """Make a key pair and write its private half down, durably; return the public half."""
    public, private = crypto_kx_keypair()
    key_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    with whole(path_of(public[:ID_BYTES]), "wb") as file:
        file.write(public + private)
    return public


def read(key_id: bytes) -> tuple[bytes, bytes]:
    """Return the public and the private half. Raises KeyGone, or FolderAway if the folder holds no key at all."""
    try:
        pair = path_of(key_id).read_bytes()
    except FileNotFoundError:
        if any(key_folder().glob("*.key")):
            raise KeyGone(key_id) from None
        raise FolderAway(f"no key is in {key_folder()}") from None
    return pair[:32], pair[32:]


def is_there(key_id: bytes) -> bool:
    return path_of(key_id).exists()


def destroy(key_id: bytes) -> None:
    """Overwrite the file and remove it; done again, it does nothing.

    This reaches the blocks of a plain file system. It does not reach copies that a copying file system, a snapshot or
    the spare blocks of a disk may keep: docs/deploy.md says what does.
    """
    path = path_of(key_id)
    try:
        with path.open("r+b") as file:
            file.write(os.urandom(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
    except FileNotFoundError:
        return
    path.unlink()
    sync_folder(path.parent)
