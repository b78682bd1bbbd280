"""One request for all styles: `css/site.css` names its parts in order, and collecting static files puts them in."""

import re
from collections.abc import Iterator
from typing import Any

import brotli
from django.core.files.base import ContentFile
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

ENTRY = "css/site.css"
IMPORT = re.compile(r'@import url\("(?P<name>[^"]+)"\) layer\((?P<layer>\w+)\);')
HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+$")
QUALITY = 9  # the best, 11, takes many times as long and saves some hundred bytes


class QuickCompressor(Compressor):
    """Packs only the names that pages link."""

    def compress(self, path: str) -> list[str]:
        return list(super().compress(path)) if HASHED.search(path) else []

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        return brotli.compress(data, quality=QUALITY)


class SiteStorage(CompressedManifestStaticFilesStorage):
    def create_compressor(self, **options: Any) -> Compressor:
        return QuickCompressor(**options)

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if ENTRY in paths and not dry_run:
            self.delete(ENTRY)
            self.save(ENTRY, ContentFile(joined(paths).encode()))
            paths = paths | {ENTRY: (self, ENTRY)}
        yield from super().post_process(paths, dry_run, **options)


def joined(paths: dict[str, Any]) -> str:
    """The entry with each import replaced by the part it names, in its layer."""

    def part(match: re.Match[str]) -> str:
        return f"@layer {match['layer']} {{\n{source(paths, 'css/' + match['name'])}}}"

    return IMPORT.sub(part, source(paths, ENTRY))


def source(paths: dict[str, Any], name: str) -> str:
    storage, path = paths[name]
    with storage.open(path) as file:
        return str(file.read().decode())
