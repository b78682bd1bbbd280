"""Films as staff might upload them, made here."""

import io
import random
from collections.abc import Callable
from typing import Any

import av

CANARY = {
    "title": "CANARY-TITLE",
    "location": "+48.8577+002.2950/",
    "com.apple.quicktime.location.ISO6709": "+48.8577+002.2950/",
    "com.apple.quicktime.model": "CANARY-PHONE",
    "creation_time": "2020-01-02T03:04:05Z",
}
UPRIGHT = b"".join(n.to_bytes(4) for n in (0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000))
LYING = b"".join(n.to_bytes(4) for n in (0, 0x10000, 0, 0xFFFF0000, 0, 0, 0, 0, 0x40000000))  # as a phone held upright
KINDS = {"mp4": ("libx264", "aac"), "mov": ("libx264", "aac"), "webm": ("libvpx-vp9", "libopus")}


def film(
    kind: str = "mp4",
    *,
    size: tuple[int, int] = (320, 180),
    seconds: int = 3,
    codecs: tuple[str, str] | None = None,
    colours: str = "yuv420p",
    has_picture: bool = True,
    is_noise: bool = False,
) -> bytes:
    """Return a changing colour with silence, and with what a phone writes into a film; noise takes many bytes."""
    buffer = io.BytesIO()
    picture_codec, sound_codec = codecs or KINDS[kind]
    with av.open(buffer, "w", format=kind, options={"movflags": "use_metadata_tags"}) as made:
        made.metadata.update(CANARY)
        streams: list[tuple[Any, list[Any]]] = []
        if has_picture:
            picture: Any = made.add_stream(picture_codec, rate=10)
            picture.width, picture.height, picture.pix_fmt = *size, colours
            picture.metadata["title"] = "CANARY-STREAM"
            picture.options = {"qp": "0", "preset": "ultrafast"} if is_noise else {}
            rate, drawn = (60, noise) if is_noise else (10, plain)
            streams.append((picture, [drawn(size, colours, number) for number in range(rate * seconds)]))
        sound: Any = made.add_stream(sound_codec, rate=48_000)
        streams.append((sound, [silence(number) for number in range(47 * seconds)]))
        for stream, frames in streams:
            for frame in [*frames, None]:
                made.mux(stream.encode(frame))
    return buffer.getvalue()


def plain(size: tuple[int, int], colours: str, number: int) -> av.VideoFrame:
    return frame_of(size, colours, number, lambda length: bytes([number % 256]) * length)


def noise(size: tuple[int, int], colours: str, number: int) -> av.VideoFrame:
    return frame_of(size, colours, number, random.Random(number).randbytes)


def frame_of(size: tuple[int, int], colours: str, number: int, drawn: Callable[[int], bytes]) -> av.VideoFrame:
    frame = av.VideoFrame(*size, colours)
    for plane in frame.planes:
        plane.update(drawn(plane.buffer_size))
    frame.pts = number
    return frame


def silence(number: int) -> av.AudioFrame:
    frame = av.AudioFrame(format="fltp", layout="mono", samples=1024)
    frame.sample_rate, frame.pts = 48_000, number * 1024
    for plane in frame.planes:
        plane.update(bytes(plane.buffer_size))
    return frame


def lying() -> bytes:
    """Return a film that a phone took held upright: wide, and to be turned when it is shown."""
    upright = film()
    head = upright.index(UPRIGHT, upright.index(b"tkhd"))
    return upright[:head] + LYING + upright[head + len(LYING) :]
