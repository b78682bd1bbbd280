"""Films that staff upload: picture and sound copied into a new file, without what a phone or program wrote beside them.

They are not encoded anew, which takes a machine as long as the film: what many browsers cannot show is refused, with
what to do. They are copied in a process of its own (pages/uploads/isolation.py), which is this module as a program.
"""

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from io import BufferedReader
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any

import av
from av.bitstream import BitStreamFilterContext
from av.container import InputContainer, OutputContainer
from django.core.exceptions import ValidationError
from django.core.files import File
from django.utils.translation import gettext as for_staff
from django.utils.translation import gettext_lazy as for_staff_lazy

from pages.uploads import folders, isolation

MOST_BYTES = 300 * 1024 * 1024
MOST_SIDE = 1920  # pixels
TIMES = 5  # what other uploads may take of the machine
ADVICE = for_staff_lazy(
    "Export it as MP4 with H.264 and AAC, 1280 by 720, and upload that. The free program HandBrake does so"
    " (“Fast 720p30”)."
)
FORMATS = {".mp4": "mp4", ".mov": "mp4", ".m4v": "mp4", ".webm": "webm"}
READERS = {"mp4": "mov", "webm": "matroska"}  # no other is tried: some fetch what a file names
CODECS = {"mp4": ({"h264"}, {"aac", "mp3"}), "webm": ({"vp8", "vp9", "av1"}, {"opus", "vorbis"})}
DEPTHS = {"yuv420p", "yuvj420p"}  # eight bits, as old phones need them
# Of what stands between the pictures of a stream, units of these types say who made it, with what, and at times where.
REVEALING = {"h264": "filter_units=remove_types=6", "av1": "filter_units=remove_types=5"}
WRITING = {"mp4": {"movflags": "faststart", "fflags": "+bitexact"}, "webm": {"fflags": "+bitexact"}}
PART = 1 << 20  # bytes


@dataclass(frozen=True)
class Kept:
    """A film to store, in a file without a name, which is gone from the disk with this."""

    file: BufferedReader
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
    with TemporaryDirectory(prefix="film-") as folder:
        source, made = Path(folder, "uploaded"), Path(folder, "made")
        with source.open("wb") as copy:
            copy.writelines(file.chunks(PART))
        given = {"kind": kind, "source": str(source), "made": str(made)}
        facts, _files = isolation.run("pages.uploads.films", b"", advice=ADVICE, times=TIMES, **given)
        return Kept(made.open("rb"), kind, **facts)


def remake_film(data: bytes, kind: str, source: str, made: str) -> isolation.Made:
    """Write the film to `made`, and return what is known of it. Raises ValidationError as `kept_from` does."""
    with refusing_damage():
        with (
            av.open(source, format=READERS[kind]) as uploaded,
            av.open(made, "w", format=kind, options=WRITING[kind]) as film,
        ):
            copy_streams(usable_streams(uploaded, kind), uploaded, film)
        return facts_of(made, kind), {}


@contextmanager
def refusing_damage() -> Iterator[None]:
    try:
        yield
    except (av.FFmpegError, ValueError, StopIteration) as error:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            raise  # of this machine
        raise ValidationError(for_staff("The file is damaged or not complete. Copy or download it again.")) from None


def usable_streams(film: InputContainer, kind: str) -> list[Any]:
    """Return the first picture and, if there is one, the first sound; what else is in the file stays behind."""
    pictures = [one for one in film.streams.video if not one.disposition & av.stream.Disposition.attached_pic]
    if not pictures:
        raise ValidationError(for_staff("There is no film in this file. %(advice)s") % {"advice": ADVICE})
    picture, sounds = pictures[0], list(film.streams.audio[:1])
    usable_pictures, usable_sounds = CODECS[kind]
    names = [codec(one) for one in (picture, *sounds)]
    if names[0] not in usable_pictures or not usable_sounds.issuperset(names[1:]):
        raise ValidationError(
            for_staff("Many browsers cannot show a film of this kind (%(kinds)s). %(advice)s")
            % {"kinds": ", ".join(names), "advice": ADVICE}
        )
    if picture.codec_context.pix_fmt not in DEPTHS:
        raise ValidationError(
            for_staff("Many browsers cannot show the colours of this film (%(kind)s). %(advice)s")
            % {"kind": picture.codec_context.pix_fmt, "advice": ADVICE}
        )
    if max(picture.width, picture.height) > MOST_SIDE:
        raise ValidationError(
            for_staff("The film is %(width)s by %(height)s: old phones cannot show so much. %(advice)s")
            % {"width": picture.width, "height": picture.height, "advice": ADVICE}
        )
    return [picture, *sounds]


def codec(stream: Any) -> str:
    """Return the name of the format, whoever made the decoder: “av1” for libdav1d."""
    return stream.codec_context.codec.canonical_name


def copy_streams(streams: list[Any], uploaded: InputContainer, film: OutputContainer) -> None:
    copies = {one.index: film.add_stream_from_template(one) for one in streams}
    for copy in copies.values():
        copy.metadata.clear()
    picture = streams[0]
    without = BitStreamFilterContext(REVEALING.get(codec(picture), "null"), picture, copies[picture.index])
    for packet in uploaded.demux(streams):
        if packet.dts is None and not packet.size:
            continue  # the end of a stream
        for one in without.filter(packet) if packet.stream is picture else [packet]:
            one.stream = copies[packet.stream.index]
            film.mux(one)
    for one in without.filter(None):
        one.stream = copies[picture.index]
        film.mux(one)


def facts_of(path: str, kind: str) -> dict[str, int]:
    """Return how long and how large the film is, of which the first picture is looked at."""
    with av.open(path, format=READERS[kind]) as film:
        frame = next(film.decode(video=0))
        lies = frame.rotation % 180 != 0
        width, height = (frame.height, frame.width) if lies else (frame.width, frame.height)
        return {"seconds": round((film.duration or 0) / av.time_base), "width": width, "height": height}


if __name__ == "__main__":
    isolation.serve(remake_film, times=TIMES)
