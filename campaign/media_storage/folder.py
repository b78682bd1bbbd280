import shutil
from contextlib import suppress
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class Folder(FileSystemStorage):
    """MEDIA_ROOT. A file appears complete or not at all, even to a web server that looks at this moment."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _save(self, name: str, content: File) -> str:
        place = Path(self.path(name))
        place.parent.mkdir(parents=True, exist_ok=True)
        unfinished = place.with_name(f".{place.name}")
        try:
            with unfinished.open("wb") as file:
                shutil.copyfileobj(content, file)
            unfinished.replace(place)
        except OSError:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
            raise
        return name

    def read_piece(self, name: str, start: int, size: int) -> bytes:
        with self.open(name) as file:
            file.seek(start)
            return file.read(size)
