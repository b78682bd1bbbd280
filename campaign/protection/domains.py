"""Which rule of staff's a mail domain falls under."""

from campaign.protection.models import DomainRule


def patterns_for(domain: str) -> list[str]:
    """Every pattern that would match, the most exact first.

    >>> patterns_for("mail.example.org")
    ['mail.example.org', '*.mail.example.org', '*.example.org', '*.org']
    """
    labels = domain.lower().split(".")
    return [domain.lower(), *("*." + ".".join(labels[start:]) for start in range(len(labels)))]


def verdict(domain: str) -> str | None:
    """`blocked`, `allowed` or None; the most exact rule decides."""
    patterns = patterns_for(domain)
    rules = dict(DomainRule.objects.filter(pattern__in=patterns).values_list("pattern", "verdict"))
    return next((rules[pattern] for pattern in patterns if pattern in rules), None)
