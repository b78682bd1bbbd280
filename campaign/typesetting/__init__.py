"""Set PDFs and pictures with Typst and the fonts in this folder.

    pdf = typeset(Path("letters/delivery/letter.typ"), {"letters": [...]}, made_at=now)

What people wrote reaches the template as data (`json(bytes(sys.inputs.data))`), never as part of it, so nothing in it
can be markup. Typst keeps what it has laid out for some time, so a long document is set in parts (`typeset_parts`).
"""

import io
import json
from collections.abc import Iterable
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

import typst
from pypdf import PdfWriter

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
    writer = PdfWriter()
    for data in parts:
        writer.append(io.BytesIO(typeset(template, data, made_at=made_at)), import_outline=False)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()
