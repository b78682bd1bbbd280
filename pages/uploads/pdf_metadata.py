"""Metadata within a PDF, besides the document's own: of pages, of what they show, and inside of pictures.

A PDF may say who made it, with what and where at every object, and a photograph in it keeps what the camera wrote.
Pictures are not encoded again: only the segments and boxes that no decoder of a PDF needs are left out.
"""

import re
from collections.abc import Iterator
from typing import Any

from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    EncodedStreamObject,
    IndirectObject,
    NameObject,
    PdfObject,
    StreamObject,
)

PAGE = {
    "/Type", "/Resources", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Contents", "/Rotate",
    "/Group", "/UserUnit", "/Tabs", "/Annots",
}  # fmt: skip
REVEALING = (
    "/Metadata", "/AF", "/EF", "/PieceInfo", "/LastModified", "/OPI", "/Ref", "/CreatorInfo", "/Thumb", "/AA",
)  # fmt: skip
# Dictionaries whose keys are names of the document's own choice: a font may be called AF.
NAMES = {"/XObject", "/Font", "/Properties", "/ExtGState", "/ColorSpace", "/Pattern", "/Shading", "/CharProcs"}

JPEG_START = b"\xff\xd8"
JPEG_END = b"\xff\xd9"
END_OF_SCAN = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")
JFIF = 0xE0
ADOBE = 0xEE  # says how the colours are meant
COMMENT = 0xFE
START_OF_SCAN = 0xDA

JP2_START = b"\x00\x00\x00\x0cjP  "
JP2_REVEALING = {b"xml ", b"uuid", b"uinf", b"asoc", b"jp2i", b"free"}


def strip_page(page: DictionaryObject, seen: set[int]) -> None:
    """Remove from the page, and from all that it refers to, what could reveal who made it.

    `seen` has the numbers of the document's objects that were looked at with its other pages.
    """
    for key in [key for key in page if key not in PAGE]:
        del page[key]
    for value in reachable(page, seen):
        if isinstance(value, StreamObject):
            strip_picture(value)


def reachable(page: DictionaryObject, seen: set[int]) -> Iterator[PdfObject]:
    """Return each object below the page, once it has lost its revealing keys."""
    waiting: list[tuple[Any, bool]] = [(page, False)]
    while waiting:
        value, has_names = waiting.pop()
        if isinstance(value, IndirectObject):
            if value.idnum in seen:
                continue
            seen.add(value.idnum)
            value = value.get_object()
        if isinstance(value, DictionaryObject):
            for key in REVEALING if not has_names else ():
                value.pop(key, None)
            waiting += [(value.raw_get(key), key in NAMES and not has_names) for key in value]
        elif isinstance(value, ArrayObject):
            waiting += [(one, False) for one in list.__iter__(value)]
        yield value


def strip_picture(stream: StreamObject) -> None:
    """Strip a photograph; one that is packed besides is stored unpacked."""
    filters = in_list(stream.get("/Filter"))
    if not filters or filters[-1] not in STRIPPERS:
        return
    parameters = in_list(stream.get("/DecodeParms"))
    data = STRIPPERS[filters[-1]](unpacked(stream, filters[:-1], parameters[: len(filters) - 1]))
    stream._data = data  # noqa: SLF001  # as it is stored has no other name
    stream[NameObject("/Filter")] = NameObject(filters[-1])
    stream.pop("/DecodeParms", None)
    if len(parameters) == len(filters) and isinstance(parameters[-1], DictionaryObject):
        stream[NameObject("/DecodeParms")] = parameters[-1]


def in_list(value: Any) -> list[Any]:
    """Return the one or several values of an entry that may hold either."""
    if isinstance(value, ArrayObject):
        return [one.get_object() for one in list.__iter__(value)]
    return [] if value is None else [value.get_object()]


def unpacked(stream: StreamObject, filters: list[Any], parameters: list[Any]) -> bytes:
    packed = EncodedStreamObject()
    packed._data = stream._data  # noqa: SLF001
    packed[NameObject("/Filter")] = ArrayObject(filters)
    if parameters:
        packed[NameObject("/DecodeParms")] = ArrayObject(parameters)
    return packed.get_data()


def strip_jpeg(data: bytes) -> bytes:
    """Return the JPEG without EXIF, XMP, IPTC, comments, previews, and what stands behind it.

    Decoders of a PDF heed none of the APP segments but Adobe's, says ISO 32000-2, 7.4.8.
    """
    return JPEG_START + b"".join(jpeg_segments(data)) + JPEG_END


def jpeg_segments(data: bytes) -> Iterator[bytes]:
    at = data.index(JPEG_START) + 2
    while marker := END_OF_SCAN.match(data, at):
        kind, at = data[marker.end() - 1], marker.end()
        if kind == JPEG_END[1]:
            return
        end = at + int.from_bytes(data[at : at + 2])
        if end < at + 2 or end > len(data):
            raise ValueError("a JPEG that ends within a segment")
        if kind == START_OF_SCAN:
            behind = END_OF_SCAN.search(data, end)
            end = behind.start() if behind else len(data)
        segment, at = data[at:end], end
        if kind == JFIF and segment[2:7] == b"JFIF\0":
            yield b"\xff\xe0\x00\x10" + segment[2:14] + b"\0\0"  # without its preview
        elif kind == ADOBE or not (JFIF <= kind <= 0xEF or kind == COMMENT):
            yield bytes([0xFF, kind]) + segment


def strip_jpeg2000(data: bytes) -> bytes:
    """Return the JPEG 2000 without its boxes of XML, EXIF and the like; a bare codestream has none."""
    return b"".join(jp2_boxes(data)) if data.startswith(JP2_START) else data


def jp2_boxes(data: bytes) -> Iterator[bytes]:
    at = 0
    while at + 8 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        if length == 1:
            length = int.from_bytes(data[at + 8 : at + 16])
        end = at + length if length else len(data)
        if end < at + 8:
            raise ValueError("a JPEG 2000 with a box of no length")
        if kind not in JP2_REVEALING:
            yield data[at:end]
        at = end


STRIPPERS = {"/DCTDecode": strip_jpeg, "/DCT": strip_jpeg, "/JPXDecode": strip_jpeg2000}
