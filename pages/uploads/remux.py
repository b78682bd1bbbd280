"""Copy picture and sound of a film into a new file, without what a phone or program wrote beside them.

This is the program that pages/uploads/films.py starts: nothing else of the site loads what reads films.
"""

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import av
from av.bitstream import BitStreamFilterContext
from av.container import InputContainer, OutputContainer
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as for_staff

from pages.uploads import films, isolation

MOST_SIDE = 1920  # pixels
READERS = {"mp4": "mov", "webm": "matroska"}  # no other is tried: some fetch what a file names
# Of picture and sound. Others are rare on old phones, or keep words about the film where sound or picture begin.
CODECS = {"mp4": ({"h264"}, {"aac"}), "webm": ({"vp8", "vp9"}, {"opus"})}
DEPTHS = {"yuv420p", "yuvj420p"}  # eight bits, as old phones need them
# Of H.264, the units that pictures are made of; in others it is said who made it, with what, and at times where.
UNITS = "filter_units=pass_types=1|2|3|4|5|7|8|9|10|11"
# On Linux, a film begins to play before all of it has come; elsewhere, a nameless file cannot be opened twice for that.
FIRST = {"movflags": "faststart"} if sys.platform == "linux" else {}
WRITING = {"mp4": {**FIRST, "fflags": "+bitexact"}, "webm": {"fflags": "+bitexact"}}


def remuxed(data: bytes, kind: str, source: str, made: str) -> isolation.Made:
    """Write the film to `made`, and return what is known of it. Raises ValidationError as `films.kept_from` does."""
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
        raise ValidationError(for_staff("There is no film in this file. %(advice)s"), params={"advice": films.ADVICE})
    picture, sounds = pictures[0], list(film.streams.audio[:1])
    names = [codec(one) for one in (picture, *sounds)]
    if any(name not in usable for name, usable in zip(names, CODECS[kind], strict=False)):
        raise ValidationError(
            for_staff("Many browsers cannot show a film of this kind (%(kinds)s). %(advice)s"),
            params={"kinds": ", ".join(names), "advice": films.ADVICE},
        )
    if picture.codec_context.pix_fmt not in DEPTHS:
        raise ValidationError(
            for_staff("Many browsers cannot show the colours of this film (%(kind)s). %(advice)s"),
            params={"kind": picture.codec_context.pix_fmt, "advice": films.ADVICE},
        )
    if max(picture.width, picture.height) > MOST_SIDE:
        raise ValidationError(
            for_staff("The film is %(width)s by %(height)s: old phones cannot show so much. %(advice)s"),
            params={"width": picture.width, "height": picture.height, "advice": films.ADVICE},
        )
    return [picture, *sounds]


def codec(stream: Any) -> str:
    """Return the name of the format, whoever made the decoder: “av1” for libdav1d."""
    return stream.codec_context.codec.canonical_name if stream.codec_context else "unknown"


def copy_streams(streams: list[Any], uploaded: InputContainer, film: OutputContainer) -> None:
    copies = {one.index: film.add_stream_from_template(one) for one in streams}
    for copy in copies.values():
        copy.metadata.clear()
    picture = streams[0]
    without = BitStreamFilterContext(UNITS if codec(picture) == "h264" else "null", picture, copies[picture.index])
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
    isolation.serve(remuxed, times=films.TIMES)
