"""Which rule of staff's a mail domain falls under."""

from campaign.keeping import kept
from campaign.protection.models import DomainRule
from campaign.protection.patterns import matching


def verdict(domain: str) -> str | None:
    """`blocked`, `allowed` or None, of a domain as screening writes it; the most exact rule decides."""
    patterns = matching(domain.lower())
    known = rules()
    return next((known[pattern] for pattern in patterns if pattern in known), None)


@kept
def rules() -> dict[str, str]:
    """All of them, from pattern to verdict: staff write them by hand."""
    return dict(DomainRule.objects.values_list("pattern", "verdict"))
