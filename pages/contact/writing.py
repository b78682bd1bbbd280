"""What happens to a message: it goes into the outbox, or, beyond the limits, nowhere. The answer is the same."""

from datetime import timedelta

from campaign.outbox import work
from campaign.protection import meters
from campaign.protection.meters import Rate
from campaign.protection.networks import Address, networks_of
from campaign.secrecy.addresses import keyed_hash

PER_NETWORK = Rate(burst=5, every=timedelta(minutes=10))
PER_SITE = Rate(burst=100, every=timedelta(minutes=1))


def write(*, to: str, name: str, email: str, message: str, language: str, client: Address | None) -> None:
    """Encrypted until it has been sent, and then gone."""
    if is_within_limits(client):
        secret = {"address": to, "name": name, "email": email, "message": message}
        work.put("pages.contact", payload={"language": language}, secret=secret)


def is_within_limits(client: Address | None) -> bool:
    drops = [(meter_key(network), PER_NETWORK) for network in (networks_of(client) if client else ())]
    return not meters.drip([*drops, (meter_key("everybody"), PER_SITE)])


def meter_key(text: str) -> bytes:
    return keyed_hash(text, "contact")
