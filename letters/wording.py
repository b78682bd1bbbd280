"""The text of a letter as somebody types it: cleaned, joined with their personal reason, compared with the proposal."""

import unicodedata
from collections.abc import Sequence

# Turn text around or hide it; the joiners that emoji and some scripts need stay.
INVISIBLE_ALLOWED = {"\n", "\t", "\u200c", "\u200d", "\ufe0e", "\ufe0f"}


def clean_body(text: str) -> str:
    """With plain line ends, and without control characters; everything that can be seen stays as it was typed.

    >>> clean_body("R&D <now>\\r\\n\\x07O'Brien, Núñez ")
    "R&D <now>\\nO'Brien, Núñez"
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(character for character in lines if is_kept(character)).strip()


def is_kept(character: str) -> bool:
    if character in INVISIBLE_ALLOWED:
        return True
    is_tag = 0xE0020 <= ord(character) <= 0xE007F  # the flags of England, Scotland and Wales are made of these
    is_noncharacter = ord(character) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(character) <= 0xFDEF
    return is_tag or not (is_noncharacter or unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co"})


def with_reasons(body: str, reasons: Sequence[str]) -> str:
    """`body` with the answers to the prompts as one paragraph after the salutation."""
    paragraph = " ".join(sentence(reason) for reason in reasons if reason)
    if not paragraph:
        return body
    salutation, blank, rest = body.partition("\n\n")
    is_salutation = blank and len(salutation) < 100 and salutation.rstrip().endswith((",", ":"))
    return f"{salutation}\n\n{paragraph}\n\n{rest}" if is_salutation else f"{paragraph}\n\n{body}"


def sentence(text: str) -> str:
    """With its full stop.

    >>> sentence("I am a nurse"), sentence("Why?")
    ('I am a nurse.', 'Why?')
    """
    one_line = " ".join(text.split())
    return one_line if one_line[-1:] in {"", ".", "!", "?", "…", ")", '"', "”"} else f"{one_line}."
