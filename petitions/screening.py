"""Screening: which signatures wait for a moderator. Never a refusal; the signer sees the same as everybody.

A signature is held when too many come from one network, mail domain or country in a short time, or when staff blocked
the domain. It is confirmed by mail like any other and then stays held until staff release it.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple

from campaign.protection import domains, meters
from campaign.protection.meters import Rate
from campaign.protection.models import DomainRule
from campaign.protection.networks import Address, networks_of
from campaign.secrecy.addresses import canonical_domain, keyed_hash
from petitions.models.signature import HoldReason

# A village behind one address can sign; a machine that makes up people cannot go on unseen.
PER_NETWORK = Rate(burst=40, every=timedelta(minutes=1))
PER_DOMAIN = Rate(burst=300, every=timedelta(seconds=20))
PER_COUNTRY = Rate(burst=20_000, every=timedelta(milliseconds=50))
# Domains that a great part of all people use tell nothing by their numbers.
COMMON_DOMAINS = frozenset(
    "gmail.com outlook.com hotmail.com live.com yahoo.com icloud.com me.com proton.me aol.com msn.com gmx.de gmx.net "
    "web.de t-online.de orange.fr free.fr wanadoo.fr libero.it yahoo.co.jp docomo.ne.jp naver.com daum.net qq.com "
    "163.com 126.com mail.ru yandex.ru hinet.net walla.co.il seznam.cz".split()
)


class Drop(NamedTuple):
    """What a signature adds to one meter, and why it is held if that is too full for it."""

    reason: HoldReason
    key: bytes
    rate: Rate


class Check(NamedTuple):
    """What is to be asked about one signature; nothing in it names a person."""

    is_blocked: bool
    drops: Sequence[Drop]


def check(*, petition_id: int, address: str, country: str, client: Address | None) -> Check:
    domain = domain_of(address)
    verdict = domains.verdict(domain)
    if verdict:
        return Check(verdict == DomainRule.Verdict.BLOCKED, ())
    met = meters_for(domain, country, client)
    return Check(False, [Drop(reason, meter_key(petition_id, text), rate) for reason, text, rate in met])


def hold_reasons(checks: Sequence[Check]) -> list[str]:
    """Why each must be looked at: a HoldReason, or an empty text.

    One statement for all. Those who come at the same moment are held together if a meter is too full for all of them.
    """
    full = meters.drip((drop.key, drop.rate) for check in checks for drop in check.drops)
    return [
        HoldReason.BLOCKED if check.is_blocked else next((drop.reason for drop in check.drops if drop.key in full), "")
        for check in checks
    ]


def domain_of(address: str) -> str:
    return canonical_domain(address.rpartition("@")[2])


def meters_for(domain: str, country: str, client: Address | None) -> Iterator[tuple[HoldReason, str, Rate]]:
    for network in networks_of(client) if client else []:
        yield HoldReason.NETWORK, network, PER_NETWORK
    if domain not in COMMON_DOMAINS:
        yield HoldReason.DOMAIN, domain, PER_DOMAIN
    yield HoldReason.COUNTRY, country, PER_COUNTRY


def meter_key(petition_id: int, text: str) -> bytes:
    return keyed_hash(f"{petition_id} {text}", "meter")
