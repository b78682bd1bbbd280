"""Files that are small to send and costly to read, as somebody with an account of staff might upload them."""

import io
import struct
import zlib
from collections.abc import Iterable, Mapping

from PIL import Image

from tests.pages.pictures import picture

PNG_START = b"\x89PNG\r\n\x1a\n"
TRUECOLOR, CLEAR = 2, 6


def chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)


def png(width: int, height: int, *more: bytes, colours: int = TRUECOLOR) -> bytes:
    """One colour everywhere; the rows are packed one by one, so that making it takes little memory."""
    packer, row = zlib.compressobj(9), bytes(1 + width * {TRUECOLOR: 3, CLEAR: 4}[colours])
    pixels = b"".join([*(packer.compress(row) for _ in range(height)), packer.flush()])
    header = struct.pack(">IIBBBBB", width, height, 8, colours, 0, 0, 0)
    return PNG_START + chunk(b"IHDR", header) + b"".join(more) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def zeros(megabytes: int) -> bytes:
    """Packed a thousandfold."""
    packer = zlib.compressobj(9)
    return b"".join([*(packer.compress(bytes(1 << 20)) for _ in range(megabytes)), packer.flush()])


def png_with_huge_profile() -> bytes:
    return png(20, 20, chunk(b"iCCP", b"x\0\0" + zeros(1000)))


def png_with_huge_words() -> bytes:
    return png(20, 20, *[chunk(b"zTXt", b"Comment\0\0" + zeros(100))] * 50)


def jpeg_with_large_profile() -> bytes:
    """Nine megabytes, in the 255 parts that a JPEG can have at most."""
    return picture(icc_profile=bytes(9_000_000))


def webp_with_much_exif() -> bytes:
    """Sixty thousand entries, each of which says that it holds four gigabytes."""
    entry = struct.pack("<HHII", 0x9C9B, 1, 0xFFFFFFFF, 8)
    return picture("WEBP", exif=b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", 60_000) + entry * 60_000)


def moving(kind: str, frames: int) -> bytes:
    images = [Image.new("RGB", (16, 16), (number % 256, number // 256, 0)) for number in range(frames)]
    buffer = io.BytesIO()
    images[0].save(buffer, format=kind, save_all=True, append_images=images[1:])
    return buffer.getvalue()


def jpeg_with_many_scans() -> bytes:
    """Each of three thousand scans goes over all of fifty million pixels once more."""
    buffer = io.BytesIO()
    Image.new("L", (7000, 7000)).save(buffer, format="JPEG", progressive=True)
    whole = buffer.getvalue()
    last, end = whole.rindex(b"\xff\xda"), len(whole) - 2
    return whole[:end] + whole[last:end] * min(3000, (12 << 20) // (end - last)) + whole[end:]


def pdf_of(objects: Mapping[int, bytes]) -> bytes:
    """The first object is the catalogue."""
    content, places = b"%PDF-1.7\n", {}
    for number, body in objects.items():
        places[number] = len(content)
        content += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    size = max(objects) + 1
    entries = b"".join(
        b"%010d 00000 n \n" % places[n] if n in places else b"0000000000 65535 f \n" for n in range(size)
    )
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(content))
    return content + b"xref\n0 %d\n" % size + entries + trailer


def tree_of(kids: Iterable[int], count: int) -> bytes:
    return b"<< /Type /Pages /Count %d /Kids [%b] >>" % (count, b" ".join(b"%d 0 R" % kid for kid in kids))


CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>"


def pdf_of_one_page_again_and_again(times: int) -> bytes:
    return pdf_of({1: CATALOGUE, 2: tree_of([3] * times, times), 3: PAGE})


def pdf_of_branching_pages() -> bytes:
    """Ten branches, each of which has ten, nine times: a thousand million pages in a kilobyte."""
    branches = {number: tree_of([number + 1] * 10, 10 ** (11 - number)) for number in range(2, 11)}
    return pdf_of({1: CATALOGUE, **branches, 11: PAGE})


def pdf_with_deep_page(levels: int) -> bytes:
    deep = b"<< /A " * levels + b"1" + b" >>" * levels
    return pdf_of({1: CATALOGUE, 2: tree_of([3], 1), 3: PAGE.replace(b" >>", b" /Resources " + deep + b" >>")})


def pdf_of_deep_references(levels: int) -> bytes:
    """Each object holds the next, which copying follows."""
    chain = {number: b"<< /Next %d 0 R >>" % (number + 1) for number in range(4, 4 + levels)}
    page = PAGE.replace(b" >>", b" /Resources << /First 4 0 R >> >>")
    return pdf_of({1: CATALOGUE, 2: tree_of([3], 1), 3: page, **chain, 4 + levels: b"<< >>"})


def pdf_with_deep_pages(levels: int) -> bytes:
    branches = {number: tree_of([number + 1], 1) for number in range(2, 2 + levels)}
    return pdf_of({1: CATALOGUE, **branches, 2 + levels: PAGE})


def pdf_with_packed_objects() -> bytes:
    """What holds the pages unfolds to a gigabyte."""
    packed = zeros(1000)
    stream = b"<< /Type /ObjStm /N 2 /First 8 /Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream" % (
        len(packed),
        packed,
    )
    whole, places = b"%PDF-1.7\n", {}
    for number, body in {1: CATALOGUE, 4: stream}.items():
        places[number] = len(whole)
        whole += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    rows = [(0, 0, 0), (1, places[1], 0), (2, 4, 0), (2, 4, 1), (1, places[4], 0), (1, len(whole), 0)]
    table = b"".join(struct.pack(">BIB", *row) for row in rows)
    xref = b"<< /Type /XRef /Size 6 /W [1 4 1] /Root 1 0 R /Length %d >>\nstream\n%b\nendstream" % (len(table), table)
    return whole + b"5 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (xref, len(whole))
