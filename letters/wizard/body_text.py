"""Clean the text of a letter as it was typed, and join it with the personal reasons."""

import re
from collections.abc import Sequence

from campaign.protection.inputs.typed_text import is_invisible
from letters.wizard.salutation import parted

CLOSING = re.compile(
    r"(?:(?:yours|very|most|with|kind(?:est)?|best|warm(?:est)?|my)\s+)*(?:sincerely|respectfully|faithfully|truly|regards|wishes)"
    r"(?:\s+yours|\s+submitted)?\s*[,.!]?",
    re.IGNORECASE,
)
ENDS_OF_SENTENCE = '.!?…)"”»。！？」』）؟۔'
MANY_EMPTY_LINES = re.compile(r"\n(?:[ \t]*\n){3,}")
# Turn text around or hide it; the joiners that emoji and some scripts need stay.
INVISIBLE_ALLOWED = {"\n", "\t", "\u200c", "\u200d", "\ufe0e", "\ufe0f"}


def clean_body(text: str) -> str:
    """Return `text` with plain line ends and without control characters; everything visible stays as it was typed.

    Of many empty lines two stay: ten thousand of them would be a hundred and forty pages of paper.

    >>> clean_body("One." + "\\n" * 10_000 + "Two.")
    'One.\\n\\n\\nTwo.'
    >>> clean_body("R&D <now>\\r\\n\\x07O'Brien, Núñez ")
    "R&D <now>\\nO'Brien, Núñez"
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(character for character in lines if is_kept(character)).strip()
    return MANY_EMPTY_LINES.sub("\n\n\n", kept)


def is_kept(character: str) -> bool:
    if character in INVISIBLE_ALLOWED:
        return True
    is_tag = 0xE0020 <= ord(character) <= 0xE007F  # the flags of England, Scotland and Wales are made of these
    return is_tag or not is_invisible(character)


def without_closing(body: str, names: Sequence[str]) -> str:
    """Return `body` without a closing at its end, with or without one of these names: “Sincerely” is added to it.

    >>> without_closing("Please act.\\n\\nYours sincerely,\\nAna Núñez", ["Ana Núñez", "Ana"])
    'Please act.'
    >>> without_closing("Please act. I remain\\n\\nAna", ["Ana Núñez", "Ana"]), without_closing("Thank you.", ["Ana"])
    ('Please act. I remain\\n\\nAna', 'Thank you.')
    """
    lines = body.rstrip().split("\n")
    known = {name.casefold() for name in names}
    if lines[-1].strip(" .,-–—").casefold() in known:
        lines = "\n".join(lines[:-1]).rstrip().split("\n")
    is_closed = len(lines) > 1 and CLOSING.fullmatch(lines[-1].strip())
    return "\n".join(lines[:-1]).rstrip() if is_closed else body


def with_reasons(body: str, reasons: Sequence[str]) -> str:
    """Return `body` with the answers to the prompts as one paragraph after the salutation."""
    paragraph = " ".join(sentence(reason) for reason in reasons if reason)
    if not paragraph:
        return body
    salutation, rest = parted(body)
    if salutation and rest.startswith("\n\n"):
        return f"{salutation}\n\n{paragraph}{rest}"
    return f"{paragraph}\n\n{body}"


def sentence(text: str) -> str:
    """Return `text` on one line and with a full stop.

    >>> sentence("I am a nurse"), sentence("Why?"), sentence("我是護士。")
    ('I am a nurse.', 'Why?', '我是護士。')
    """
    one_line = " ".join(text.split())
    return one_line if not one_line or one_line[-1] in ENDS_OF_SENTENCE else f"{one_line}."
