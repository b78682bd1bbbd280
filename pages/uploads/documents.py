"""Documents that staff upload: plain text, and PDF rewritten without anything that could act or reveal its author.

They are rewritten in a process of its own (pages/uploads/isolation.py), which is this module as a program.
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as for_staff
from django.utils.translation import gettext_lazy as for_staff_lazy
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.errors import LimitReachedError, PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, NameObject

from pages.uploads import folders, isolation, pdf_metadata

MOST_BYTES = 20 * 1024 * 1024
MOST_PAGES = 2000
ADVICE = for_staff_lazy("Print it to a new PDF, in parts if it is long, or link to where it can be read.")
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
WEB = ("https://", "http://", "mailto:")
LINK = ("/Type", "/Subtype", "/Rect", "/QuadPoints", "/Border", "/BS", "/C", "/H", "/F", "/Contents")
BROKEN_DOCUMENT = (PyPdfError, OSError, ValueError, TypeError, KeyError, IndexError, AttributeError)


@dataclass(frozen=True)
class Kept:
    content: bytes
    name: str  # as visitors find it among their downloads

    @property
    def digest(self) -> str:
        return folders.content_digest(self.content)

    def keep(self) -> None:
        folders.write(folders.DOCUMENTS, self.digest, {self.name: self.content})


def kept_from(file: Any) -> Kept:
    """Return the document to store. Raises ValidationError for anything but a harmless PDF or plain text."""
    if file.size > MOST_BYTES:
        raise ValidationError(
            for_staff("The file is larger than 20 MB. Save it smaller, or link to where it can be read.")
        )
    name = PurePath(file.name)
    kind = name.suffix.lower()
    if kind not in KINDS:
        raise ValidationError(for_staff("Only PDF (.pdf) and plain text (.txt). Save it as PDF and upload that."))
    _facts, files = isolation.run("pages.uploads.documents", file.read(), advice=ADVICE, kind=kind)
    return Kept(files["document"], f"{slugify(name.stem)[:80] or 'document'}{kind}")


def remake_document(data: bytes, kind: str) -> isolation.Made:
    return {}, {"document": KINDS[kind](data)}


def pdf(data: bytes) -> bytes:
    """Return the pages alone: no author, of the document or anything in it, no history, scripts or attached files."""
    if not data.startswith(b"%PDF-"):
        raise ValidationError(for_staff("The name of the file ends in “.pdf”, but it holds no PDF."))
    try:
        return rewritten(PdfReader(io.BytesIO(data), strict=False))
    except (LimitReachedError, RecursionError):
        raise ValidationError(
            for_staff("The PDF holds too much: parts within parts, or more than can be unpacked. %(advice)s"),
            params={"advice": ADVICE},
        ) from None
    except BROKEN_DOCUMENT:
        raise ValidationError(for_staff("The PDF is damaged or not complete. Save it anew and upload that.")) from None


def rewritten(reader: PdfReader) -> bytes:
    if reader.is_encrypted:
        raise ValidationError(for_staff("The PDF is locked with a password. Save it without one."))
    if len(reader.pages) > MOST_PAGES:
        raise ValidationError(
            for_staff("The PDF has more than %(most_pages)s pages. Upload it in parts, or link to it."),
            params={"most_pages": f"{MOST_PAGES:,}"},
        )
    writer, seen = PdfWriter(), set[int]()
    for page in reader.pages:
        make_passive(page)
        pdf_metadata.strip_page(page, seen)
        writer.add_page(page)
    writer.metadata = None
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def make_passive(page: PageObject) -> None:
    """Remove everything active from the page except links to the web."""
    links = [annotation for annotation in page.annotations or () if is_link(annotation.get_object())]
    page[NameObject("/Annots")] = ArrayObject([plain_link(link.get_object()) for link in links])


def is_link(annotation: Any) -> bool:
    action: Any = annotation.get("/A", DictionaryObject()).get_object()
    is_plain = "/AA" not in annotation and "/Next" not in action
    return is_plain and annotation.get("/Subtype") == "/Link" and str(action.get("/URI")).startswith(WEB)


def plain_link(annotation: Any) -> DictionaryObject:
    """Return where it is, how it looks and what it opens, without who put it there and when."""
    link = DictionaryObject({NameObject(key): annotation.raw_get(key) for key in LINK if key in annotation})
    url = annotation["/A"]["/URI"]
    link[NameObject("/A")] = DictionaryObject({NameObject("/S"): NameObject("/URI"), NameObject("/URI"): url})
    return link


def text(data: bytes) -> bytes:
    try:
        plain = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        plain = "\0"
    if CONTROLS.search(plain):
        raise ValidationError(for_staff("The name of the file ends in “.txt”, but it holds no plain text in UTF-8."))
    return plain.encode()


KINDS: dict[str, Callable[[bytes], bytes]] = {".pdf": pdf, ".txt": text}


if __name__ == "__main__":
    isolation.serve(remake_document)
