"""Set PDFs and pictures with Typst and the fonts in this folder.

    pdf = typeset(Path("letters/delivery/paper/letter.typ"), {"letters": [...]}, made_at=now)

What people wrote reaches the template as data (`json(bytes(sys.inputs.data))`), never as part of it, so nothing in it
can be markup. Typst keeps what it has laid out for some time, so a long document is set in parts (`typeset_parts`).
"""

import io
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

import typst
from pypdf import PdfReader, PdfWriter

FONTS = Path(__file__).parent / "fonts"


@cache
def fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def typeset(template: Path, data: Any, *, made_at: datetime) -> bytes:
    """Return a PDF/A, or a plain PDF if the text holds a character that no font has, which PDF/A forbids.

    The same `data` and `made_at` give the same bytes.
    """
    compiler = typst.Compiler(root=template.parent, font_paths=fonts())
    compiled = partial(
        compiler.compile,
        template,
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_tags=False,
        timestamp=made_at.replace(microsecond=0),
    )
    try:
        made = compiled(pdf_standards="a-2b")
    except typst.TypstError as error:
        if "PDF/A" not in f"{error.message}{error.diagnostic}":
            raise
        made = compiled()
    assert isinstance(made, bytes)
    return made


def draw(template: Path, data: Any) -> bytes:
    """Return a PNG of the single page that `template` makes, one pixel for each point."""
    compiler = typst.Compiler(root=template.parent, font_paths=fonts())
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    made = compiler.compile(template, format="png", ppi=72, sys_inputs=inputs)
    assert isinstance(made, bytes)
    return made


def typeset_parts(template: Path, parts: Iterable[Any], *, made_at: datetime) -> bytes:
    """Return one PDF of many parts; memory does not grow with their number."""
    return joined(typeset(template, data, made_at=made_at) for data in parts)


def typeset_numbered(template: Path, parts: Sequence[dict[str, Any]], *, made_at: datetime) -> bytes:
    """Return one PDF of many parts, each with `pages` added: how many are before it, and in all.

    Each part is set twice, since only then it is known on how many pages.
    """
    numbers = [page_count(typeset(template, unnumbered(data), made_at=made_at)) for data in parts]
    before = [sum(numbers[:index]) for index in range(len(numbers))]
    pages = [{"before": number, "total": sum(numbers)} for number in before]
    return joined(
        typeset(template, {**data, "pages": where}, made_at=made_at) for data, where in zip(parts, pages, strict=True)
    )


def unnumbered(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "pages": {"before": 0, "total": 0}}


def page_count(pdf: bytes) -> int:
    return len(PdfReader(io.BytesIO(pdf)).pages)


def joined(pdfs: Iterable[bytes]) -> bytes:
    writer = PdfWriter()
    for pdf in pdfs:
        writer.append(io.BytesIO(pdf), import_outline=False)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()
