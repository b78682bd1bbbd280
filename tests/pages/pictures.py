"""Files as staff might upload them, honest ones and others."""

import io
import zlib
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)


def picture(kind: str = "JPEG", size: tuple[int, int] = (800, 600), **options: Any) -> bytes:
    buffer = io.BytesIO()
    image = Image.radial_gradient("L").resize(size).convert("RGB")
    image.save(buffer, format=kind, **options)
    return buffer.getvalue()


def with_place(size: tuple[int, int] = (800, 600)) -> bytes:
    """As a camera writes it: lying on its side, with its maker, the place and a comment."""
    return picture(size=size, exif=place(), comment=b"CANARY-COMMENT", xmp=b"CANARY-XMP")


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
    tell_author(writer)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def tell_author(writer: PdfWriter) -> None:
    """Say who made it wherever a PDF can besides its own metadata: on the page, in a picture, in what is attached."""
    page = writer.pages[0]
    attached = stream(writer, b"CANARY-FILE")
    file = writer._add_object(dictionary(Type=NameObject("/Filespec"), EF=dictionary(F=attached)))
    note = dictionary(Type=NameObject("/Annot"), Subtype=NameObject("/FileAttachment"), FS=file)
    links: Any = page["/Annots"]
    links.append(writer._add_object(note))
    links[1].update(dictionary(T=TextStringObject("CANARY-OF-THE-LINK")))
    page[NameObject("/AF")] = ArrayObject([file])
    page[NameObject("/B")] = ArrayObject([dictionary(I=dictionary(Author=TextStringObject("CANARY-THREAD")))])
    page[NameObject("/Metadata")] = stream(writer, b"CANARY-XMP-OF-THE-PAGE")
    page[NameObject("/PieceInfo")] = dictionary(App=dictionary(Private=TextStringObject("CANARY-PRIVATE")))
    photo = image(writer, with_place() + b"CANARY-BEHIND", "/DCTDecode")
    packed = image(writer, zlib.compress(with_place()), "/FlateDecode", "/DCTDecode")
    scan = image(writer, with_box(picture("JPEG2000")), "/JPXDecode")
    form = stream(writer, b"", Subtype=NameObject("/Form"), PieceInfo=dictionary(A=TextStringObject("CANARY-FORM")))
    pictures = dictionary(Photo=photo, Packed=packed, Scan=scan, AF=form)  # a name that means something elsewhere
    page[NameObject("/Resources")] = dictionary(XObject=pictures)


def image(writer: PdfWriter, data: bytes, *filters: str) -> PdfObject:
    kind = {"Type": NameObject("/XObject"), "Subtype": NameObject("/Image"), "ColorSpace": NameObject("/DeviceRGB")}
    size = {"Width": NumberObject(800), "Height": NumberObject(600), "BitsPerComponent": NumberObject(8)}
    metadata = stream(writer, b"CANARY-XMP-OF-THE-PICTURE")
    unpacked = ArrayObject([NameObject(name) for name in filters])
    return stream(writer, data, **kind, **size, Filter=unpacked, Metadata=metadata)


def with_box(jpeg2000: bytes) -> bytes:
    """Put XML into the picture, where cameras and scanners do."""
    content = b"xml <x>CANARY-BOX</x>"
    after = jpeg2000.index(b"jp2h") - 4
    return jpeg2000[:after] + (4 + len(content)).to_bytes(4) + content + jpeg2000[after:]


def dictionary(**entries: PdfObject) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{name}"): value for name, value in entries.items()})


def stream(writer: PdfWriter, data: bytes, **entries: PdfObject) -> PdfObject:
    made = StreamObject()
    made.update(dictionary(**entries))
    made._data = data
    return writer._add_object(made)


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
