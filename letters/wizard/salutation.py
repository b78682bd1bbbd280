"""Find and change how a letter addresses its recipient, in whatever way that was typed.

Thus one text can go to several, and a letter that greets the wrong one is noticed.
"""

import re
import unicodedata

from letters.models import Office

TITLE = (
    r"(?:(?:the\s+)?honorable|senator|sen\.?|hon\.?|representative|rep\.?|congress(?:wo)?man|delegate|minister"
    r"|ambassador|governor|high\s+commissioner)"
)
COURTESY_TITLE = r"(?:mr\.?|mrs\.?|ms\.?|miss|dr\.?)"
SUFFIX = r"(?:,?\s+(?:[js]r\b\.?|iii?\b|iv\b))?"
GREETING = (
    r"(?:(?:my\s+)?dear(?:est)?|hello(?:\s+there)?|hi|hey|greetings|esteemed|respected|to|attention|attn"
    r"|good\s+(?:morning|afternoon|evening|day))"
)
BEGINS_SALUTATION = re.compile(rf"\W*(?:{GREETING}|{TITLE}|{COURTESY_TITLE})\b", re.IGNORECASE)
END_OF_NAME = r"(?=\s*(?:$|[,:;!–—-]|(?:and|&)\s))"
LONGEST_SALUTATION = 100
ENDS_OF_SALUTATION = (",", ":", "，", "：", "、", "،", "様", "殿")
SPELLINGS = {" ": r"\s+", "'": "['’]", "’": "['’]", ".": r"\.?", "-": "[-\u2010-\u2015\u2212]"}


def readdressed(body: str, first: Office, second: Office) -> str:
    """Address `body`, which was written to `first`, to `second`.

    A text that greets both stays as it is. Outside of the salutation a last name is replaced only after a
    title or the first name, since otherwise it may be a common word or the name of somebody else.
    """
    if is_named(parted(body)[0], second):
        return body

    def other_name(match: re.Match[str]) -> str:
        is_other = match["title"] and first.recipient_list_id != second.recipient_list_id
        title = title_of(second) if match["courtesy"] or is_other else match["title"] or ""  # may not be theirs
        return title + like(match["name"], second.name if match["given"] else second.last_name)

    def greeted(match: re.Match[str]) -> str:
        given = match["first"]
        return match["greeting"] + (like(given, second.first_name) if given else other_name(match))

    return spoken_of(first).sub(other_name, addressed(first).sub(greeted, body))


def title_of(office: Office) -> str:
    """Return the title with which those on the list are addressed, with a space at its end; nothing if there is none.

    “Senator ” for “Senator {last_name}”.
    """
    return office.addressed_as.partition("{")[0]


def miscalled(body: str, office: Office, other: Office) -> bool:
    """Return whether a letter to `office` begins by addressing `other` alone."""
    found = addressed(other).match(body)
    return bool(found and found["name"]) and not is_named(parted(body)[0], office)


def addressed(office: Office) -> re.Pattern[str]:
    """Return a pattern of a letter's beginning that addresses the senator by any title, by none or by first name."""
    name = rf"(?:(?P<title>{TITLE}\s+)|(?P<courtesy>{COURTESY_TITLE}\s+))?{full_name(office)}"
    pattern = rf"\A(?P<greeting>\W*(?:{GREETING}\W+)?)(?:{name}|(?P<first>{given_names(office)})){END_OF_NAME}"
    return re.compile(pattern, re.IGNORECASE | re.MULTILINE)


def spoken_of(office: Office) -> re.Pattern[str]:
    """Return a pattern of the senator, named by a title that leaves no doubt or by first and last name."""
    titled = rf"(?:(?P<title>{TITLE}\s+)|(?<=dear\s)(?P<courtesy>{COURTESY_TITLE}\s+))"
    return re.compile(rf"\b(?:{titled}|(?={given_names(office)}\s)){full_name(office)}", re.IGNORECASE)


def full_name(office: Office) -> str:
    """Return a pattern of the last name, with or without a first name or a suffix."""
    return rf"(?P<name>(?P<given>{given_names(office)}\s+)?{spelled(office.last_name)}\b{SUFFIX})"


def given_names(office: Office) -> str:
    """Return a pattern of the first names in use, such as “Ben” and “Ben Ray” of Ben Ray Luján.

    >>> king = Office(name="Angus S. King, Jr.", first_name="Angus", last_name="King")
    >>> [bool(re.fullmatch(given_names(king), name)) for name in ("Angus S", "Angus", "Martin Luther")]
    [True, True, False]
    """
    as_used = office.name.partition(office.last_name)[0].split()
    names = {" ".join(as_used), office.first_name, *as_used[:1]} - {""}
    return f"(?:{'|'.join(spelled(name) for name in sorted(names, key=len, reverse=True))})"


def is_named(text: str, office: Office) -> bool:
    return bool(re.search(rf"\b{spelled(office.last_name)}\b", text, re.IGNORECASE))


def parted(body: str) -> tuple[str, str]:
    """Return the salutation, which may be empty, and the rest.

    >>> parted("Dear Sen. Heinrich\\n\\nplease")
    ('Dear Sen. Heinrich', '\\n\\nplease')
    >>> parted("Justice for all!\\n\\nDear Sen. Heinrich,")
    ('', 'Justice for all!\\n\\nDear Sen. Heinrich,')
    >>> parted("尊敬的議員：\\n\\n請支持")
    ('尊敬的議員：', '\\n\\n請支持')
    """
    line, end, rest = body.partition("\n")
    stands_alone = not rest or rest.startswith("\n") or line.rstrip().endswith(("!", "-", "–", "—"))
    is_greeting = stands_alone and BEGINS_SALUTATION.match(line) and not line.rstrip().endswith((".", "?"))
    is_salutation = len(line) < LONGEST_SALUTATION and (line.rstrip().endswith(ENDS_OF_SALUTATION) or is_greeting)
    return (line, end + rest) if is_salutation else ("", body)


def spelled(name: str) -> str:
    """Return a pattern of the name, also without accents, with another apostrophe or hyphen, or with other spaces.

    >>> bool(re.fullmatch(spelled("Ben O'Luján-Ray"), "Ben  O’Lujan\u2011Ray"))
    True
    """
    return "".join(spelled_character(character) for character in unicodedata.normalize("NFC", name))


def spelled_character(character: str) -> str:
    base = unicodedata.normalize("NFD", character)[0]
    if base != character:
        return f"(?:{character}|{base}[\u0300-\u036f]?)"
    return SPELLINGS.get(character, re.escape(character))


def like(typed: str, name: str) -> str:
    """Return `name`, in capitals if what was typed is in capitals.

    >>> like("SEN. HEINRICH", "Luján"), like("sen. heinrich", "Luján")
    ('LUJÁN', 'Luján')
    """
    return name.upper() if typed.isupper() else name
