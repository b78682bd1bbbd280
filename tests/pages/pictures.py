"""Files as staff might upload them, honest ones and others."""

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject


def picture(kind: str = "JPEG", size: tuple[int, int] = (800, 600), **options: Any) -> bytes:
    buffer = io.BytesIO()
    image = Image.radial_gradient("L").resize(size).convert("RGB")
    image.save(buffer, format=kind, **options)
    return buffer.getvalue()


def with_place(size: tuple[int, int] = (800, 600)) -> bytes:
    """As a camera writes it: lying on its side, with its maker, the place and a comment."""
    return picture(size=size, exif=place(), comment=b"CANARY-COMMENT")


def place() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation
    exif[0x010F] = "CANARY-CAMERA"
    exif.get_ifd(0x8825)[1] = "N"
    return exif.tobytes()


def pdf(**metadata: str) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(width=200, height=200)
    writer.add_metadata({f"/{name}": value for name, value in metadata.items()})
    writer.root_object[NameObject("/OpenAction")] = script()
    writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): script()})
    writer.pages[0][NameObject("/Annots")] = ArrayObject([link(script()), link(web())])
    writer.add_attachment("CANARY-ATTACHED.txt", b"CANARY-ATTACHED")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def script() -> DictionaryObject:
    return action("/JavaScript", "/JS", "app.alert('CANARY-SCRIPT')")


def web() -> DictionaryObject:
    return action("/URI", "/URI", "https://example.org/HONEST-LINK")


def action(kind: str, key: str, value: str) -> DictionaryObject:
    return DictionaryObject({NameObject("/S"): NameObject(kind), NameObject(key): TextStringObject(value)})


def link(does: DictionaryObject) -> DictionaryObject:
    kind = {NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject("/Link")}
    return DictionaryObject({**kind, NameObject("/A"): does})


def upload(content: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
