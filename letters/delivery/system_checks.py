"""Whether the settings of letters make sense, asked by every command of manage.py and before a worker starts.

One that does not would let letters wait for ever, or die, without a word.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error

from letters.delivery.channels import CLASSES
from letters.delivery.channels.senate import windows
from letters.delivery.inbound.boxes import SCHEMES


def faults() -> Iterator[Error]:
    known = ", ".join(CLASSES)
    for name in settings.LETTER_CHANNELS:
        if name not in CLASSES:
            yield Error(f"LETTER_CHANNELS: there is no channel {name!r}; there are {known}", id="letters.E001")
    try:
        windows.parse(settings.SENATE_API["closed"])
    except ValueError as error:
        yield Error(str(error), id="letters.E002")
    if settings.LETTER_INBOX_URL and urlsplit(settings.LETTER_INBOX_URL).scheme not in SCHEMES:
        yield Error(f"LETTER_INBOX_URL must be an address of {' or '.join(SCHEMES)}", id="letters.E003")
