"""Name static files by their content and compress them, as WhiteNoise does, but faster.

Collecting takes 3 s of processor time, where WhiteNoise's own storage takes 18 s: that compresses every file under both
of its names, at the best quality.
"""

import hashlib
import re
from typing import Any

import brotli
from django.contrib.staticfiles.finders import get_finders
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+$")
QUALITY = 9  # the best, 11, takes many times as long and saves some hundred bytes


class QuickCompressor(Compressor):
    """Compresses only the file names that pages link to."""

    def compress(self, path: str) -> list[str]:
        return list(super().compress(path)) if HASHED.search(path) else []

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        return brotli.compress(data, quality=QUALITY)


class SiteStorage(CompressedManifestStaticFilesStorage):
    """Each release has a list of hashed names of its own, so that two can serve from one folder side by side."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.manifest_name = f"staticfiles-{digest_of_sources()}.json"
        super().__init__(*args, **kwargs)

    def create_compressor(self, **options: Any) -> Compressor:
        return QuickCompressor(**options)


def digest_of_sources() -> str:
    """Return what tells the static files of this release from those of others; once for each process, some 30 ms."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda found: found[0]):
            digest.update(path.encode() + b"\0")
            with storage.open(path) as file:
                digest.update(file.read())
    return digest.hexdigest()[:12]
