"""Mail addresses: which spellings are one address, and the keyed fingerprint that stands for it in the database."""

from functools import lru_cache

import idna
from django.conf import settings

from campaign.secrecy.macs import mac

LONGEST_DOMAIN = 255  # DNS
HASH_BYTES = 16  # of 32: two of a thousand million addresses share one with a chance of 1 in 10^21
ALIAS_DOMAINS = {
    "googlemail.com": "gmail.com",
    "pm.me": "proton.me",
    "protonmail.com": "proton.me",
    "ya.ru": "yandex.ru",
}
# What a provider ignores in the part before the @; from their own help pages. Others: only "+tag".
IGNORES_DOTS = {"gmail.com", "proton.me"}
MINUS_TAGS = {"yahoo.com"}


def normalise(address: str) -> str:
    """The one spelling that stands for all that reach the same mailbox.

    >>> normalise("Ana.Lopez+news@GoogleMail.com")
    'analopez@gmail.com'
    """
    local, _, domain = address.strip().rpartition("@")
    domain = canonical_domain(domain)
    local = local.casefold().partition("+")[0] or local.casefold()
    if domain in IGNORES_DOTS:
        local = local.replace(".", "")
    if domain in MINUS_TAGS:
        local = local.partition("-")[0]
    return f"{local}@{domain}"


@lru_cache(maxsize=8192)
def canonical_domain(domain: str) -> str:
    """Lower-cased and in punycode; what IDNA refuses stays as it is, and validation refuses it elsewhere."""
    folded = domain.rstrip(".").lower()
    try:
        ascii_domain = idna.encode(folded, uts46=True).decode()
    except idna.IDNAError:
        ascii_domain = folded
    return ALIAS_DOMAINS.get(ascii_domain, ascii_domain)


def fingerprint(address: str, purpose: str) -> bytes:
    """16 bytes, half of the HMAC-SHA256 of the normalised address under ADDRESS_HASH_KEY.

    Each purpose has its own, so that two tables cannot be joined by it without the key.
    """
    return keyed_hash(normalise(address), purpose)


def keyed_hash(text: str, purpose: str) -> bytes:
    return mac(settings.ADDRESS_HASH_KEY, f"{purpose}\0{text}".encode())[:HASH_BYTES]
