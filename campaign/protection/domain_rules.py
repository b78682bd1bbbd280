"""Find the rule of staff's that a mail domain falls under."""

from campaign.performance.local_cache import kept
from campaign.protection.models import DomainRule

# So many people use these domains that numbers from them mean nothing.
COMMON = frozenset(
    "gmail.com outlook.com hotmail.com live.com yahoo.com icloud.com me.com proton.me aol.com msn.com gmx.de gmx.net "
    "web.de t-online.de orange.fr free.fr wanadoo.fr libero.it yahoo.co.jp docomo.ne.jp naver.com daum.net qq.com "
    "163.com 126.com mail.ru yandex.ru hinet.net walla.co.il seznam.cz".split()
)


def verdict(domain: str) -> str | None:
    """`blocked`, `allowed` or None, of a domain as screening writes it; the most exact rule decides."""
    return rules().get(rule_for(domain))


def rule_for(domain: str) -> str:
    """The pattern of the rule that decides about the domain, empty if there is none."""
    known = rules()
    return next((pattern for pattern in matching(domain.lower()) if pattern in known), "")


def matching(domain: str) -> list[str]:
    """Every pattern that would match, the most exact first.

    >>> matching("mail.example.org")
    ['mail.example.org', '*.mail.example.org', '*.example.org', '*.org']
    """
    labels = domain.split(".")
    return [domain, *("*." + ".".join(labels[start:]) for start in range(len(labels)))]


@kept
def rules() -> dict[str, str]:
    """Return all rules, from pattern to verdict; staff write them by hand, so there are few."""
    return dict(DomainRule.objects.values_list("pattern", "verdict"))
