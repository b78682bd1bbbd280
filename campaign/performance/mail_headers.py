"""Write headers of mail as every mailbox reads them, and quickly.

The standard library of Python 3.12 loses blanks between the encoded words of a long subject, makes words of addresses
in angle brackets (List-Unsubscribe), and drops the quotes around a name that it breaks in two.
"""

from base64 import b64encode
from email.headerregistry import Address
from typing import Any

IN_ONE_LINE = {"list-unsubscribe", "subject"}  # if they are ASCII: the standard allows 998 characters
SENDERS = {"from", "reply-to"}
LONGEST_LINE = 900
MOST_BYTES = 42  # of text in an encoded word, so that the first line with the header's name has 78 characters at most
SPECIAL = set('()<>[]:;@\\,."')


def header_line(name: str, value: Any) -> str | None:
    """Return the header without its last line break; None where the standard library writes it well."""
    kind = name.lower()
    if kind in IN_ONE_LINE and is_plain(value):
        return f"{name}: {value}"
    if kind == "subject":
        return f"{name}: {encoded_words(value)}"
    if kind in SENDERS and all(is_plain(one.addr_spec) for one in value.addresses):
        return f"{name}: " + ",\r\n ".join(map(mailbox, value.addresses))
    return None


def is_plain(text: str) -> bool:
    return text.isascii() and "=?" not in text and len(text) <= LONGEST_LINE


def mailbox(address: Address) -> str:
    r"""Return name and address as a header has them.

    >>> mailbox(Address("Coalition, Inc.", addr_spec="post@example.org"))
    '"Coalition, Inc." <post@example.org>'
    """
    name = address.display_name
    if not name:
        return address.addr_spec
    if not is_plain(name):
        return f"{encoded_words(name)}\r\n <{address.addr_spec}>"
    if not SPECIAL.isdisjoint(name):
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        name = f'"{escaped}"'
    return f"{name} <{address.addr_spec}>"


def encoded_words(text: str) -> str:
    """Return the whole text in words of RFC 2047: blanks between two of them are none of the text's."""
    words, word = [], b""
    for character in text:
        encoded = character.encode()
        if len(word) + len(encoded) > MOST_BYTES:
            words.append(word)
            word = b""
        word += encoded
    return "\r\n ".join(f"=?utf-8?b?{b64encode(part).decode()}?=" for part in [*words, word])
