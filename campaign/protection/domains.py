"""Which rule of staff's a mail domain falls under."""

from campaign.keeping import kept
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
    known = rules()
    return next((known[pattern] for pattern in patterns if pattern in known), None)


@kept
def rules() -> dict[str, str]:
    """All of them, from pattern to verdict: staff write them by hand."""
    return dict(DomainRule.objects.values_list("pattern", "verdict"))
