"""What staff write for mail domains: `example.org`, or `*.example.org` for it and everything below it."""

import re

from campaign.secrecy.addresses import canonical_domain

DOMAIN = re.compile(r"(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z][a-z0-9-]*[a-z0-9]")


def canonical(pattern: str) -> str:
    """As the domains of signers are written: in punycode, and under the one name of a provider that has several.

    >>> canonical("*.BÜCHER.example"), canonical("@googlemail.com")
    ('*.xn--bcher-kva.example', 'gmail.com')
    """
    text = pattern.strip().removeprefix("@")
    below = "*." if text.startswith("*.") else ""
    return below + canonical_domain(text.removeprefix(below))


def is_pattern(text: str) -> bool:
    """Of a canonical one: whether it can match anything.

    >>> is_pattern("*.example.org"), is_pattern("*example.org"), is_pattern("ana@example.org")
    (True, False, False)
    """
    return bool(DOMAIN.fullmatch(text))


def matching(domain: str) -> list[str]:
    """Every pattern that would match, the most exact first.

    >>> matching("mail.example.org")
    ['mail.example.org', '*.mail.example.org', '*.example.org', '*.org']
    """
    labels = domain.split(".")
    return [domain, *("*." + ".".join(labels[start:]) for start in range(len(labels)))]
