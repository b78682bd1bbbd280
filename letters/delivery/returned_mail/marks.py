"""The mark by which a mailed letter is known when it comes back: its delivery ID, signed by this site.

It stands in the Message-ID, in the return path (`letters+<mark>@...`, where bounces and automatic answers go) and in
what a mail provider tells us of. A delivery ID alone proves nothing: the writer knows it as well.
"""

import re
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.crypto import constant_time_compare, salted_hmac

MARK = re.compile(r"(?<![0-9a-f])([0-9a-f]{32})\.([0-9a-f]{12})(?![0-9a-f])", re.IGNORECASE)
LONGEST_LOCAL_PART = 64
LONGEST_NAME = LONGEST_LOCAL_PART - len("+") - 32 - len(".") - 12  # before the plus of the return path
METADATA = "letter"
ONLY_TAGS = {"mailersend", "postal"}  # providers that pass no other data of ours on with their reports


def mark_of(delivery_id: str) -> str:
    return f"{delivery_id}.{signature_of(delivery_id)}"


def signature_of(delivery_id: str) -> str:
    return salted_hmac("letters-return-mark", delivery_id, algorithm="sha256").hexdigest()[:12]


def ids_in(texts: Iterable[Any]) -> list[str]:
    """Return the delivery IDs of all true marks in these texts, each once; mail servers may have changed their case."""
    found = [(mark[1].lower(), mark[2].lower()) for text in texts for mark in MARK.finditer(str(text))]
    return list(dict.fromkeys(pk for pk, signed in found if constant_time_compare(signed, signature_of(pk))))


def set_return_path(mail: EmailMessage, delivery_id: str) -> None:
    """Have the mail come back to an address of its own, if there is one; the sender that is shown stays the same."""
    if settings.LETTER_RETURN_ADDRESS:
        name, _, domain = settings.LETTER_RETURN_ADDRESS.rpartition("@")
        mail.extra_headers["From"] = mail.from_email
        mail.from_email = f"{name}+{mark_of(delivery_id)}@{domain}"


def tell_provider(mail: Any, delivery_id: str) -> None:
    """Have the provider's reports name the letter; it takes care of the return path itself."""
    if settings.EMAIL_PROVIDER in ONLY_TAGS:
        mail.tags = [mark_of(delivery_id)]
    else:
        mail.metadata = {METADATA: mark_of(delivery_id)}


def ids_in_report(event: Any) -> list[str]:
    """Return the delivery IDs that a provider's report names."""
    return ids_in([(event.metadata or {}).get(METADATA, ""), *(event.tags or [])])
