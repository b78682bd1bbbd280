"""Budgets for mail to addresses that nobody has proven to be theirs: by the network that asks, and by the domain.

Somebody who entered made-up addresses by the hundred would get this site's mail classed as spam. Beyond the budget a
mail waits in the outbox until there is room for it; it is never dropped, and the answer to the visitor is the same. How
long it must wait is known when it is put, so neither the network nor its hash is stored with it. A university, or a
provider with many people behind one address, is only slowed down.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models.functions import Now

from campaign.outbox import queue
from campaign.outbox.handlers import BUDGET
from campaign.protection import domain_rules
from campaign.protection.limits import leaky_bucket
from campaign.protection.limits.leaky_bucket import Drop, Rate
from campaign.protection.models import DomainRule
from campaign.protection.networks import Address, networks_of
from campaign.secrecy.addresses import domain_of, keyed_hash

LONGEST_WAIT = timedelta(days=1)  # links work for a week


def put_mail(
    kind: str, *, payload: dict[str, Any], address: str, client: Address | None, subject: int | None = None
) -> None:
    """Put a mail to an address that nobody has proven yet, due once the budget has room for it."""
    _full, waits = leaky_bucket.fill([], drops_of(address, client), longest=LONGEST_WAIT)
    wait = max(waits, default=timedelta())
    secret, due_at = {"address": address}, Now() + wait
    queue.put(kind, subject=subject, payload=payload, secret=secret, due_at=due_at, reason=reason_for(wait))


def reason_for(wait: timedelta) -> str:
    return BUDGET if wait else ""


def drops_of(address: str, client: Address | None) -> list[Drop]:
    """Return what a mail to this address that `client` asked for adds to the meters."""
    networks = networks_of(client) if client else []
    drops = [(keyed_hash(network, "mail from"), rate("NETWORK")) for network in networks]
    domain = domain_of(address)
    if domain not in domain_rules.COMMON and domain_rules.verdict(domain) != DomainRule.Verdict.ALLOWED:
        drops.append((keyed_hash(domain, "mail to"), rate("DOMAIN")))
    return drops


def rate(name: str) -> Rate:
    seconds = getattr(settings, f"MAIL_{name}_SECONDS")
    return Rate(burst=getattr(settings, f"MAIL_{name}_BURST"), every=timedelta(seconds=seconds))
