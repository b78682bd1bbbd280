"""Names of people: any script, any length up to 255, but nothing that could be a link or turn text around."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST = 255
# Control and format characters (bidi overrides, zero-width, tags) go, but joiners: Persian and Indic names need them.
JOINERS = "\u200c\u200d"
LINK = re.compile(
    r"(://|www\.)|\b[\w-]+\.(com|org|net|info|io|ru|cn|xyz|top|link|site)\b|\b[\w-]+\.[a-z]{2,}/", re.IGNORECASE
)


def clean_name(text: str) -> str:
    """`text` as it may be stored; raises ValidationError if it is empty or holds an address of a page."""
    name = " ".join(strip_invisible(unicodedata.normalize("NFC", text)).split())
    if not any(character.isprintable() and character not in JOINERS for character in name):
        raise ValidationError(_("Enter your name."), code="required")
    if ("." in name or ":" in name) and LINK.search(name):
        raise ValidationError(_("A name cannot contain a web address."), code="link")
    if len(name) > LONGEST:
        raise ValidationError(_("Use at most 255 characters."), code="max_length")
    return name


def clean_words(text: str) -> str:
    """The same for a few sentences, which may be none."""
    words = " ".join(strip_invisible(unicodedata.normalize("NFC", text)).split())
    if LINK.search(words):
        raise ValidationError(_("Leave out web addresses."), code="link")
    return words


def strip_invisible(text: str) -> str:
    """White space becomes a space; other invisible characters go."""
    if text.isprintable():
        return text
    spaced = (" " if character.isspace() else character for character in text)
    return "".join(c for c in spaced if c in JOINERS or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co"})
