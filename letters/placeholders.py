"""The few words in brackets that staff's text may hold. Plain replacement, once: no template language reads any text.

fill("Dear [senator], {{ 7*7 }}", {"senator": "Senator Luján"})   "Dear Senator Luján, {{ 7*7 }}"
"""

import re
from collections.abc import Mapping

from letters.models import LetterCampaign, Office
from letters.senders import Sender

NAMES = ("senator", "bill", "name", "city", "state")
KNOWN = re.compile(rf"\[({'|'.join(NAMES)})\]", re.IGNORECASE)
BRACKETED = re.compile(r"\[[^\[\]\n]{1,200}\]")


def values(campaign: LetterCampaign, office: Office, sender: Sender) -> dict[str, str]:
    return {
        "senator": office.title_and_name,
        "bill": campaign.bill,
        "name": sender.full_name,
        "city": sender.city,
        "state": office.state_name,
    }


def fill(text: str, values: Mapping[str, str]) -> str:
    return KNOWN.sub(lambda match: values[match[1].lower()], text)


def left_in(text: str, proposed: str) -> list[str]:
    """What was to be replaced and still stands in `text`: the known ones, and any other that staff `proposed`."""
    invitations = set(BRACKETED.findall(proposed))
    return [found for found in BRACKETED.findall(text) if KNOWN.fullmatch(found) or found in invitations]
