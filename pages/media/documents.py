"""Documents that staff upload: PDF, written anew without what PDF files should not bring, and plain text."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, NameObject

from pages.media import folders

MOST_BYTES = 20 * 1024 * 1024
WEB = ("https://", "http://", "mailto:")
BROKEN = (PyPdfError, OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError)


@dataclass(frozen=True)
class Kept:
    content: bytes
    name: str  # as visitors will find it among their downloads

    @property
    def digest(self) -> str:
        return folders.digest(self.content)

    def keep(self) -> None:
        folders.write(folders.DOCUMENTS, self.digest, {self.name: self.content})


def kept_from(file: Any) -> Kept:
    """Raises ValidationError for what is neither a harmless PDF nor plain text."""
    if file.size > MOST_BYTES:
        raise ValidationError(_("The file is larger than 20 MB. Save it smaller, or link to where it can be read."))
    name = PurePath(file.name)
    made_anew = KINDS.get(name.suffix.lower())
    if made_anew is None:
        raise ValidationError(_("Only PDF (.pdf) and plain text (.txt). Save it as PDF and upload that."))
    return Kept(made_anew(file.read()), f"{slugify(name.stem)[:80] or 'document'}{name.suffix.lower()}")


def pdf(data: bytes) -> bytes:
    """The pages alone: no author, no history, no scripts, no attached files."""
    if not data.startswith(b"%PDF-"):
        raise ValidationError(_("The name of the file ends in “.pdf”, but it holds no PDF."))
    try:
        return rewritten(PdfReader(io.BytesIO(data), strict=False))
    except BROKEN:
        raise ValidationError(_("The PDF is damaged or not complete. Save it anew and upload that.")) from None


def rewritten(reader: PdfReader) -> bytes:
    if reader.is_encrypted:
        raise ValidationError(_("The PDF is locked with a password. Save it without one."))
    writer = PdfWriter()
    for page in reader.pages:
        make_passive(writer.add_page(page))
    writer.metadata = None
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def make_passive(page: PageObject) -> None:
    """Of what a page can do, only links to the web stay."""
    page.pop("/AA", None)
    links = [annotation for annotation in page.annotations or () if is_link(annotation.get_object())]
    page[NameObject("/Annots")] = ArrayObject(links)


def is_link(annotation: Any) -> bool:
    action: Any = annotation.get("/A", DictionaryObject()).get_object()
    is_plain = "/AA" not in annotation and "/Next" not in action
    return is_plain and annotation.get("/Subtype") == "/Link" and str(action.get("/URI")).startswith(WEB)


def text(data: bytes) -> bytes:
    try:
        plain = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        plain = "\0"
    if any(ord(character) < 32 and character not in "\t\r\n\f" for character in plain):
        raise ValidationError(_("The name of the file ends in “.txt”, but it holds no plain text in UTF-8."))
    return plain.encode()


KINDS: dict[str, Callable[[bytes], bytes]] = {".pdf": pdf, ".txt": text}
