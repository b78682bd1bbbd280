"""Whether the settings of letters make sense, asked by every command of manage.py and before a worker starts.

One that does not would let letters wait for ever, or die, without a word.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error

from letters.delivery.channels import CLASSES
from letters.delivery.channels.congress import windows
from letters.delivery.channels.congress.configuration import SYSTEMS
from letters.delivery.inbound.boxes import SCHEMES
from letters.delivery.returned_mail.marks import LONGEST_NAME


def faults() -> Iterator[Error]:
    known = ", ".join(CLASSES)
    for name in settings.LETTER_CHANNELS:
        if name not in CLASSES:
            yield Error(f"LETTER_CHANNELS: there is no channel {name!r}; there are {known}", id="letters.E001")
    for system in SYSTEMS:
        try:
            windows.parse(system.given["closed"])
        except ValueError as error:
            yield Error(f"{system.setting}_CLOSED: {error}", id="letters.E002")
    if settings.LETTER_INBOX_URL and urlsplit(settings.LETTER_INBOX_URL).scheme not in SCHEMES:
        yield Error(f"LETTER_INBOX_URL must be an address of {' or '.join(SCHEMES)}", id="letters.E003")
    name, _, domain = settings.LETTER_RETURN_ADDRESS.rpartition("@")
    if settings.LETTER_RETURN_ADDRESS and not (name and domain and len(name) <= LONGEST_NAME):
        words = f"LETTER_RETURN_ADDRESS must be an address with at most {LONGEST_NAME} characters before its @"
        yield Error(words, id="letters.E004")
    if settings.LETTER_RETURN_ADDRESS and not settings.LETTER_INBOX_URL:
        words = "LETTER_RETURN_ADDRESS needs LETTER_INBOX_URL: nobody would read what comes back"
        yield Error(words, id="letters.E005")
