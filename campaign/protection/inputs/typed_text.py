"""Text that people type: what of it can be stored, and names, in any script, of any length up to 255, with nothing that
could be a link or turn text around."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST_LINE = 255
# Control and format characters (bidi overrides, zero-width, tags) are removed, except the joiners that Persian and
# Indic names need.
JOINERS = "\u200c\u200d"
LINK = re.compile(
    r"(://|www\.)|\b[\w-]+\.(com|org|net|info|io|ru|cn|xyz|top|link|site)\b|\b[\w-]+\.[a-z]{2,}/", re.IGNORECASE
)


def is_storable(text: str) -> bool:
    """Whether PostgreSQL can hold it: no NUL, and no half of a surrogate pair.

    >>> is_storable("Núñez"), is_storable("a" + chr(0)), is_storable(chr(0xD800))
    (True, False, False)
    """
    return "\0" not in text and (text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text))


def clean_name(text: str) -> str:
    """Return the name as it may be stored.

    Raises ValidationError if it has neither letter nor digit, is too long or holds a web address.
    """
    name = " ".join(strip_invisible(unicodedata.normalize("NFC", text)).split())
    if not any(character.isalnum() for character in name):
        raise ValidationError(_("Enter your name."), code="required")
    if ("." in name or ":" in name) and LINK.search(name):
        raise ValidationError(_("A name cannot contain a web address."), code="link")
    if len(name) > LONGEST_LINE:
        raise ValidationError(_("Use at most 255 characters."), code="max_length")
    return name


def clean_words(text: str) -> str:
    """Return a few sentences as they may be stored, or an empty text. Raises ValidationError for a web address."""
    words = " ".join(strip_invisible(unicodedata.normalize("NFC", text)).split())
    if LINK.search(words):
        raise ValidationError(_("Do not include web addresses."), code="link")
    return words


def without_accents(text: str) -> str:
    """Return the text without case and accents, to compare and to sort by.

    >>> without_accents("Österreich"), without_accents("Luján")
    ('osterreich', 'lujan')
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def plain_line(text: str) -> str:
    r"""Return an address, number or code as a keyboard of another script or a copied text has it, in plain characters.

    >>> plain_line("taro＠example.org"), plain_line("９０２１０"), plain_line("ana@example.org\u200b\xa0")
    ('taro@example.org', '90210', 'ana@example.org')

    Digits of other scripts are those of ASCII among nothing but ASCII: in a domain of that script they are its own.

    >>> plain_line("layla٢٠٢٦@example.org"), plain_line("a@مثال٢.example")
    ('layla2026@example.org', 'a@مثال٢.example')
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    visible = strip_invisible(unicodedata.normalize("NFKC", text))
    plain = " ".join("".join(character for character in visible if character not in JOINERS).split())
    in_ascii = "".join(str(int(character)) if character.isdecimal() else character for character in plain)
    return in_ascii if in_ascii.isascii() else plain


def strip_invisible(text: str) -> str:
    """Turn white space into spaces and remove other invisible characters."""
    if text.isprintable():
        return text
    spaced = (" " if character.isspace() else character for character in text)
    return "".join(c for c in spaced if c in JOINERS or not is_invisible(c))


def is_invisible(character: str) -> bool:
    r"""Whether it is a control or format character, or one that stands for nothing, which XML cannot hold either.

    >>> is_invisible("\u202e"), is_invisible("\ufffe"), is_invisible("é")
    (True, True, False)
    """
    is_noncharacter = ord(character) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(character) <= 0xFDEF
    return is_noncharacter or unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co"}
