"""The few bracketed words that staff may use in letters, replaced once and literally: no template language runs.

fill("Dear [senator], {{ 7*7 }}", {"senator": "Senator Luján"})   "Dear Senator Luján, {{ 7*7 }}"
"""

import re
from collections.abc import Mapping

from letters.models import LetterCampaign, Office
from letters.models.sender import Sender

PLACEHOLDERS = ("senator", "recipient", "bill", "name", "city", "state")
KNOWN = re.compile(rf"\[({'|'.join(PLACEHOLDERS)})\]", re.IGNORECASE)
BRACKETED = re.compile(r"\[[^\[\]\n]{1,200}\]")


def values(campaign: LetterCampaign, office: Office, sender: Sender, language: str = "en") -> dict[str, str]:
    """Return what stands in place of the words in brackets, in a letter in this language."""
    return {
        "senator": office.title_and_name,
        "recipient": office.title_and_name,
        "bill": campaign.bill,
        "name": sender.full_name,
        "city": sender.city,
        "state": office.area_named_in(language),
    }


def fill(text: str, values: Mapping[str, str]) -> str:
    return KNOWN.sub(lambda match: values[match[1].lower()], text)


def left_in(text: str, proposed: str) -> list[str]:
    """Return placeholders left in `text`: known ones, and any others in brackets that staff `proposed`."""
    invitations = set(BRACKETED.findall(proposed))
    return [found for found in BRACKETED.findall(text) if KNOWN.fullmatch(found) or found in invitations]
