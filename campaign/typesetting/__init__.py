"""Set PDFs and pictures with Typst and the fonts in this folder.

    pdf = typeset(Path("letters/delivery/paper/letter.typ"), {"letters": [...]}, made_at=now)

What people wrote reaches the template as data (`json(bytes(sys.inputs.data))`), never as part of it, so nothing in it
can be markup. Typst keeps what it has laid out for some time, so a long document is set in parts (`typeset_parts`).
"""

import io
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

import typst
from pypdf import PdfReader, PdfWriter

FONTS = Path(__file__).parent / "fonts"
MOST_NAMED = 20
INVISIBLE = {"Cf", "Mn", "Me"}  # what joins or marks another character
NOT_IN_A_FONT = re.compile('PDF/A.*the text `"(.*)"` could not be displayed')


@cache
def fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def typeset(template: Path, data: Any, *, made_at: datetime) -> bytes:
    """Return a PDF/A, in which a character that no font here has is named in brackets, as “[melting face]”.

    After MOST_NAMED of them it is a plain PDF, since PDF/A forbids the empty boxes that then stand for the rest. The
    same `data` and `made_at` give the same bytes.
    """
    compiler = typst.Compiler(root=template.parent, font_paths=fonts())
    timestamp = made_at.replace(microsecond=0)
    compiled = partial(compiler.compile, template, format="pdf", pdf_tags=False, timestamp=timestamp)
    text = json.dumps(data, ensure_ascii=False)
    for _ in range(MOST_NAMED):
        try:
            return bytes_of(compiled(pdf_standards="a-2b", sys_inputs={"data": text}))
        except typst.TypstError as error:
            if "PDF/A" not in error.message:
                raise
            missing = NOT_IN_A_FONT.search(error.message)
        if missing is None:
            break
        text = with_named(text, unescaped(missing[1]))
    return bytes_of(compiled(sys_inputs={"data": text}))


def bytes_of(made: Any) -> bytes:
    assert isinstance(made, bytes)
    return made


def unescaped(quoted: str) -> str:
    """Return a text that Rust has quoted, with marks and joiners as `\\u{200d}`."""
    return re.sub(r"\\u\{([0-9a-f]+)\}", lambda code: chr(int(code[1], 16)), quoted)


def with_named(text: str, characters: str) -> str:
    """Return `text` with the names of these characters in their place.

    >>> with_named("\U00020bb7!", "\U00020bb7"), with_named("a\ue000", "\ue000")
    ('[cjk unified ideograph-20bb7]!', 'a[U+E000]')
    """
    rare = {character for character in characters if not character.isascii()}
    for character in {one for one in rare if unicodedata.category(one) not in INVISIBLE} or rare:
        name = unicodedata.name(character, "").lower() or f"U+{ord(character):04X}"
        text = text.replace(character, f"[{name}]")
    return text


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
