"""One request for all styles: `css/site.css` names its parts in order, and collecting static files puts them in."""

import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

ENTRY = "css/site.css"
IMPORT = re.compile(r'@import url\("(?P<name>[^"]+)"\) layer\((?P<layer>\w+)\);')


class SiteStorage(CompressedManifestStaticFilesStorage):
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
