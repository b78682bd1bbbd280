"""Email addresses: which spellings are the same, and the keyed fingerprint that stands for one in the database."""

from functools import lru_cache

import idna
from django.conf import settings

from campaign.secrecy.tokens import mac

LONGEST_DOMAIN = 255  # DNS
HASH_BYTES = 16  # of 32: two of a thousand million addresses collide with a chance of 1 in 10^21
ALIAS_DOMAINS = {
    "googlemail.com": "gmail.com",
    "pm.me": "proton.me",
    "protonmail.com": "proton.me",
    "ya.ru": "yandex.ru",
}
# What providers ignore in the part before the @, by their own help pages; for all others only "+tag".
IGNORES_DOTS = {"gmail.com", "proton.me"}
MINUS_TAGS = {"yahoo.com"}


def normalise(address: str) -> str:
    """Return the one spelling that stands for all that reach the same mailbox.

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


def domain_of(address: str) -> str:
    """Return the domain of an email address, the same for every spelling."""
    return canonical_domain(address.rpartition("@")[2])


@lru_cache(maxsize=8192)
def canonical_domain(domain: str) -> str:
    """Return the domain in lower case and punycode; one that IDNA refuses stays as it is, for validation to refuse."""
    folded = domain.rstrip(".").lower()
    try:
        ascii_domain = idna.encode(folded, uts46=True).decode()
    except idna.IDNAError:
        ascii_domain = folded
    return ALIAS_DOMAINS.get(ascii_domain, ascii_domain)


def fingerprint(address: str, purpose: str) -> bytes:
    """Return 16 bytes: half of the HMAC-SHA256 of the normalised address under ADDRESS_HASH_KEY.

    It differs by purpose, so that two tables cannot be joined by it without the key.
    """
    return keyed_hash(normalise(address), purpose)


def keyed_hash(text: str, purpose: str) -> bytes:
    return mac(settings.ADDRESS_HASH_KEY, f"{purpose}\0{text}".encode())[:HASH_BYTES]
