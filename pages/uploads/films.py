"""Films that staff upload: picture and sound copied into a new file, without what a phone or program wrote beside them.

They are not encoded anew, which takes a machine as long as the film: what many browsers cannot show is refused, with
what to do. They are copied in a process of its own (pages/uploads/isolation.py), which is pages/uploads/remux.py.
"""

import hashlib
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from tempfile import TemporaryFile
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.utils.translation import gettext as for_staff
from django.utils.translation import gettext_lazy as for_staff_lazy

from pages.uploads import folders, isolation

MOST_BYTES = 300 * 1024 * 1024
TIMES = 5  # what other uploads may take of the machine
ADVICE = for_staff_lazy(
    "Export it as MP4 with H.264 and AAC, 1280 by 720, and upload that. The free program HandBrake does so"
    " (“Fast 720p30”)."
)
FORMATS = {".mp4": "mp4", ".mov": "mp4", ".m4v": "mp4", ".webm": "webm"}
PART = 1 << 20  # bytes


@dataclass(frozen=True)
class Kept:
    """A film to store, in a file without a name, which is gone from the disk with this."""

    file: Any
    kind: str  # "mp4" or "webm"
    seconds: int
    width: int  # upright
    height: int

    @property
    def name(self) -> str:
        """The same for all of a kind: phones name files by the moment."""
        return f"film.{self.kind}"

    @cached_property
    def size(self) -> int:
        return self.file.seek(0, os.SEEK_END)

    @cached_property
    def digest(self) -> str:
        self.file.seek(0)
        return hashlib.file_digest(self.file, "sha256").hexdigest()[: folders.DIGITS]

    def keep(self) -> None:
        digest = self.digest
        self.file.seek(0)
        folders.write_file(folders.FILMS, digest, self.name, File(self.file))


def kept_from(file: Any) -> Kept:
    """Return the film to store. Raises ValidationError for what is damaged, or what many browsers cannot show."""
    if file.size > MOST_BYTES:
        raise ValidationError(for_staff("The file is larger than 300 MB. %(advice)s"), params={"advice": ADVICE})
    kind = FORMATS.get(PurePath(file.name).suffix.lower())
    if kind is None:
        raise ValidationError(
            for_staff("Only MP4 (.mp4), QuickTime (.mov) and WebM (.webm). %(advice)s"), params={"advice": ADVICE}
        )
    made = TemporaryFile()  # noqa: SIM115  # closed with what is returned
    with TemporaryFile() as source:
        source.writelines(file.chunks(PART))
        source.seek(0)
        file.close()  # of three copies, there are only two at a time
        places = {"source": place_of(source), "made": place_of(made)}
        facts, _files = isolation.run(
            "pages.uploads.remux", b"", advice=ADVICE, times=TIMES, files=[source, made], kind=kind, **places
        )
    return Kept(made, kind, **facts)


def place_of(file: IO[bytes]) -> str:
    """Return the path of a file without a name, in a process that has it open: gone with the last that has."""
    return f"/dev/fd/{file.fileno()}"
