"""Decide which signatures wait for a moderator. None is refused, and every signer sees the same.

A signature is held when too many come from one network, mail domain or country in a short time, or when staff blocked
the domain. It is confirmed by mail like any other and then stays held until staff release it.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple

from campaign.protection import domain_rules
from campaign.protection.limits.leaky_bucket import Rate
from campaign.protection.models import DomainRule
from campaign.protection.networks import Address, networks_of
from campaign.secrecy.addresses import domain_of, keyed_hash
from campaign.secrecy.periods.pseudonyms import pseudonym
from petitions.models.signature import HoldReason

# Enough for a village behind one address, but not for a machine that makes up people.
PER_NETWORK = Rate(burst=40, every=timedelta(minutes=1))
PER_DOMAIN = Rate(burst=300, every=timedelta(seconds=20))
PER_COUNTRY = Rate(burst=20_000, every=timedelta(milliseconds=50))


class ScreeningDrop(NamedTuple):
    """What a signature adds to one meter, and why it is held if the meter has no room for it."""

    reason: HoldReason
    key: bytes
    rate: Rate


class Check(NamedTuple):
    """What the meters are asked about one signature; nothing in it names a person."""

    is_blocked: bool
    drops: Sequence[ScreeningDrop]
    network: str
    domain: str

    def trace(self) -> dict[str, bytes | str | None]:
        """Return what is kept of it for a day if it is held (petitions/models/moderation/hold_trace.py)."""
        rule = domain_rules.rule_for(self.domain) if self.is_blocked else ""
        network = pseudonym(f"network {self.network}") if self.network else None
        return {"network": network, "domain": domain_pseudonym(self.domain), "rule": rule}


def domain_pseudonym(domain: str) -> bytes | None:
    return pseudonym(f"domain {domain}")


def check(*, petition_id: int, address: str, country: str, client: Address | None) -> Check:
    domain, network = domain_of(address), networks_of(client)[0] if client else ""
    verdict = domain_rules.verdict(domain)
    if verdict == DomainRule.Verdict.BLOCKED:
        return Check(True, (), network, domain)
    is_limited = verdict != DomainRule.Verdict.ALLOWED and domain not in domain_rules.COMMON
    met = meters_for(domain if is_limited else "", country, client)
    drops = [ScreeningDrop(reason, meter_key(petition_id, text), rate) for reason, text, rate in met]
    return Check(False, drops, network, domain)


def hold_reasons(checks: Sequence[Check], full: Collection[bytes]) -> list[str]:
    """Return why a moderator must look at each signature: a HoldReason, or an empty string.

    `full` has the keys of meters without room. Signatures that come at the same moment are held together if a meter has
    no room for all of them.
    """
    return [
        HoldReason.BLOCKED if check.is_blocked else next((drop.reason for drop in check.drops if drop.key in full), "")
        for check in checks
    ]


def meters_for(domain: str, country: str, client: Address | None) -> Iterator[tuple[HoldReason, str, Rate]]:
    for network in networks_of(client) if client else []:
        yield HoldReason.NETWORK, network, PER_NETWORK
    if domain:
        yield HoldReason.DOMAIN, domain, PER_DOMAIN
    yield HoldReason.COUNTRY, country, PER_COUNTRY


def meter_key(petition_id: int, text: str) -> bytes:
    return keyed_hash(f"{petition_id} {text}", "meter")
