"""What a backup says of itself, and what it is held against before and after it is restored."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from campaign.backups.encrypted_file import Unreadable, checksum
from campaign.secrecy.private_files import whole

NAME = "manifest.json"
FORMAT = 1
DATABASE = "database.dump.encrypted"
MEDIA = "media.tar.encrypted"


@dataclass(frozen=True)
class Part:
    """A file of the backup, as it lies there."""

    size: int  # bytes
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """`rows` of each table and `files` of staff were counted in what was copied, not beside it."""

    made_at: str  # ISO 8601, by the database's clock
    site: str
    server_version: str
    public_key: str
    rows: Mapping[str, int]
    migrations: Mapping[str, str]  # the newest of each app
    files: int
    parts: Mapping[str, Part]
    period_keys: list[str] = field(default_factory=list)  # what could still be opened: the ids of keys, never a key
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        with whole(folder / NAME, encoding="utf-8") as file:
            json.dump(asdict(self), file, indent=1, ensure_ascii=False)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Raises Unreadable."""
        try:
            said: dict[str, Any] = json.loads((folder / NAME).read_text(encoding="utf-8"))
            parts = {name: Part(**part) for name, part in said.pop("parts").items()}
            manifest = cls(**said, parts=parts)
        except (OSError, ValueError, TypeError, AttributeError, KeyError) as error:
            raise Unreadable(f"{folder / NAME}: no manifest of a backup ({error})") from None
        if manifest.format != FORMAT or manifest.parts.keys() != {DATABASE, MEDIA}:
            raise Unreadable(f"{folder / NAME}: of another version of this program")
        return manifest

    def check_parts(self, folder: Path) -> None:
        """Hold each file against its checksum. Raises Unreadable, naming the first that differs."""
        for name, part in self.parts.items():
            path = folder / name
            if not path.is_file() or path.stat().st_size != part.size or checksum(path) != part.sha256:
                raise Unreadable(f"{path}: not what was written (size or checksum differ)")

    def differences(self, rows: Mapping[str, int]) -> list[str]:
        """Return what is not in the database as it was, in words; nothing if all of it is."""
        names = sorted(self.rows.keys() | rows.keys())
        return [
            f"{name}: {rows.get(name, 'no table')} instead of {self.rows.get(name, 'no table')}"
            for name in names
            if self.rows.get(name) != rows.get(name)
        ]
